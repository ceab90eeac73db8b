import { beforeEach, describe, expect, it } from 'vitest';
import { createBlobs } from '../blobs/create-blobs.js';
import { inTransaction } from '../database/transaction.js';
import type { Run } from '../runs/run.entity.js';
import { emptyTables } from '../testing/empty-tables.js';
import { requestContext } from '../testing/request-context.js';
import { insertDataset, insertRun, storeBlob } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import { type SampleInput, SampleKind } from './samples.inputs.js';
import { SamplesRepository } from './samples.repository.js';
import { SamplesService } from './samples.service.js';

const { dataSource } = testDatabase();
const { blobs } = createBlobs(dataSource);
const service = new SamplesService({ repository: new SamplesRepository(dataSource), blobs });

describe('samples', () => {
  let run: Run;
  let sha256: string;
  const record = (...inputs: Partial<SampleInput>[]) =>
    inTransaction(dataSource, (transaction) => {
      const common = { step: 0, imageId: 'road-1', width: 240, height: 180, kind: SampleKind.INPUT, sha256 };
      const samples = inputs.map((input) => ({ ...common, ...input }));
      return service.record(transaction, run.id, 1, samples);
    });

  beforeEach(async () => {
    await emptyTables(dataSource, 'runs', 'datasets', 'blobs');
    run = await insertRun(dataSource, await insertDataset(dataSource));
    sha256 = await storeBlob(dataSource);
  });

  it('have an input and a ground truth, stored once, and predictions at a step', async () => {
    const [truth, early, late] = [
      await storeBlob(dataSource),
      await storeBlob(dataSource),
      await storeBlob(dataSource),
    ];
    await record({ kind: SampleKind.INPUT });
    await record({ kind: SampleKind.GROUND_TRUTH, sha256: truth });
    await record({ kind: SampleKind.BRANCH1, step: 100, sha256: early });
    await record({ kind: SampleKind.BRANCH2, step: 200, sha256: early });
    await record({ kind: SampleKind.BRANCH1, step: 200, sha256: late });
    const image = {
      imageId: 'road-1',
      width: 240,
      height: 180,
      inputUrl: `/blobs/${sha256}`,
      groundTruthUrl: `/blobs/${truth}`,
    };
    expect(await service.samples(requestContext(), run.id, 100)).toEqual([
      { ...image, step: 100, predictions: [{ network: 'BRANCH1', url: `/blobs/${early}` }] },
    ]);
    expect(await service.samples(requestContext(), run.id, null)).toEqual([
      {
        ...image,
        step: 200,
        predictions: [
          { network: 'BRANCH1', url: `/blobs/${late}` },
          { network: 'BRANCH2', url: `/blobs/${early}` },
        ],
      },
    ]);
    expect(await service.samples(requestContext(), run.id, 150)).toEqual([]);
    expect(await service.sampleSteps(requestContext(), run.id)).toEqual([100, 200]);
    expect(await dataSource.query('SELECT FROM sample_images')).toHaveLength(1);
  });

  it('are stored once, no matter how often they are sent, with the newest image', async () => {
    const newer = await storeBlob(dataSource);
    await record({});
    await record({ kind: SampleKind.BRANCH1 });
    await record({ kind: SampleKind.BRANCH1, sha256: newer });
    const [sample] = await service.samples(requestContext(), run.id, null);
    expect(sample!.predictions).toEqual([{ network: 'BRANCH1', url: `/blobs/${newer}` }]);
    expect(sample!.groundTruthUrl).toBeNull();
  });

  it('keep the last image of each kind if a report has several', async () => {
    const [newer, truth] = [await storeBlob(dataSource), await storeBlob(dataSource)];
    await record(
      { kind: SampleKind.BRANCH1 },
      { kind: SampleKind.GROUND_TRUTH, sha256: truth, width: 10 },
      {},
      { kind: SampleKind.BRANCH1, sha256: newer, width: 20 },
      { sha256: newer, width: 30 },
      { kind: SampleKind.BRANCH1, imageId: 'road-2' },
    );
    expect(await service.samples(requestContext(), run.id, null)).toEqual([
      {
        ...{ imageId: 'road-1', step: 0, width: 30, height: 180 },
        inputUrl: `/blobs/${newer}`,
        groundTruthUrl: `/blobs/${truth}`,
        predictions: [{ network: 'BRANCH1', url: `/blobs/${newer}` }],
      },
    ]);
    expect(await dataSource.query('SELECT FROM samples')).toHaveLength(2);
  });

  it('include an image as soon as its input is stored', async () => {
    await record({ kind: SampleKind.BRANCH1 });
    expect(await service.samples(requestContext(), run.id, null)).toEqual([]);
    await record({});
    expect(await service.samples(requestContext(), run.id, null)).toHaveLength(1);
  });

  it('reject a blob that was not uploaded, and name it', async () => {
    const refused = record({ sha256: 'e'.repeat(64) });
    await expect(refused).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(refused).rejects.toThrow(`not uploaded: ${'e'.repeat(64)}`);
    expect(await dataSource.query('SELECT FROM sample_images')).toEqual([]);
  });

  it('name only some blobs if many were not uploaded', async () => {
    const hash = (index: number) => String(index).repeat(64);
    const refused = record(...[1, 2, 3, 4, 5, 6, 7].map((index) => ({ sha256: hash(index) })));
    await expect(refused).rejects.toThrow(`not uploaded: ${[1, 2, 3, 4, 5].map(hash).join(', ')} (7 in all); `);
  });

  it.each<[Partial<SampleInput>, string]>([
    [{ step: -1 }, 'step: must be at least 0; got -1'],
    [{ width: 0 }, 'width: must be at least 1; got 0'],
    [{ imageId: '' }, 'imageId: must have 1 to 512 printable characters'],
  ])('reject %o, and nothing of the report is stored', async (changes, message) => {
    const imageId = changes.imageId ?? 'road-2';
    const refused = record({}, { imageId, ...changes }, { imageId: 'road-3' });
    await expect(refused).rejects.toThrow(`sample "${imageId}" at step ${changes.step ?? 0} is not valid: ${message}`);
    expect(await dataSource.query('SELECT FROM sample_images')).toEqual([]);
  });

  it('are deleted with their run', async () => {
    await record({});
    await record({ kind: SampleKind.BRANCH1 });
    await dataSource.query('DELETE FROM runs');
    expect(await dataSource.query('SELECT FROM samples UNION ALL SELECT FROM sample_images')).toEqual([]);
  });
});
