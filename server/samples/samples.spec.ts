import { beforeEach, describe, expect, it } from 'vitest';
import { BlobsRepository } from '../blobs/blobs.repository.js';
import { BlobsService } from '../blobs/blobs.service.js';
import { inTransaction } from '../database/transaction.js';
import type { Run } from '../runs/run.entity.js';
import { insertDataset, insertRun, storeBlob } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import { type SampleInput, SampleKind } from './samples.inputs.js';
import { SamplesRepository } from './samples.repository.js';
import { SamplesService } from './samples.service.js';

const { dataSource } = testDatabase();
const blobs = new BlobsService({ dataSource, repository: new BlobsRepository(dataSource) });
const service = new SamplesService({ repository: new SamplesRepository(dataSource), blobs });

describe('samples', () => {
  let run: Run;
  let sha256: string;
  const record = (input: Partial<SampleInput>) =>
    inTransaction(dataSource, (transaction) =>
      service.record(transaction, run.id, {
        step: 0,
        imageId: 'road-1',
        width: 240,
        height: 180,
        kind: SampleKind.INPUT,
        sha256,
        ...input,
      }),
    );

  beforeEach(async () => {
    await dataSource.query('TRUNCATE runs, datasets, blobs CASCADE');
    run = await insertRun(dataSource, await insertDataset(dataSource));
    sha256 = await storeBlob(blobs);
  });

  it('have an input and a ground truth, stored once, and predictions at a step', async () => {
    const [truth, early, late] = [await storeBlob(blobs), await storeBlob(blobs), await storeBlob(blobs)];
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
    expect(await service.samples(run.id, 100)).toEqual([
      { ...image, step: 100, predictions: [{ network: 'BRANCH1', url: `/blobs/${early}` }] },
    ]);
    expect(await service.samples(run.id, null)).toEqual([
      {
        ...image,
        step: 200,
        predictions: [
          { network: 'BRANCH1', url: `/blobs/${late}` },
          { network: 'BRANCH2', url: `/blobs/${early}` },
        ],
      },
    ]);
    expect(await service.samples(run.id, 150)).toEqual([]);
    expect(await service.sampleSteps(run.id)).toEqual([100, 200]);
    expect(await dataSource.query('SELECT FROM sample_images')).toHaveLength(1);
  });

  it('are stored once, no matter how often they are sent, with the newest image', async () => {
    const newer = await storeBlob(blobs);
    await record({});
    await record({ kind: SampleKind.BRANCH1 });
    await record({ kind: SampleKind.BRANCH1, sha256: newer });
    const [sample] = await service.samples(run.id, null);
    expect(sample!.predictions).toEqual([{ network: 'BRANCH1', url: `/blobs/${newer}` }]);
    expect(sample!.groundTruthUrl).toBeNull();
  });

  it('include an image as soon as its input is stored', async () => {
    await record({ kind: SampleKind.BRANCH1 });
    expect(await service.samples(run.id, null)).toEqual([]);
    await record({});
    expect(await service.samples(run.id, null)).toHaveLength(1);
  });

  it('reject a blob that was not uploaded, and name it', async () => {
    const refused = record({ sha256: 'e'.repeat(64) });
    await expect(refused).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(refused).rejects.toThrow(`not uploaded: ${'e'.repeat(64)}`);
    expect(await dataSource.query('SELECT FROM sample_images')).toEqual([]);
  });

  it.each([
    [{ step: -1 }, 'step: must be at least 0; got -1'],
    [{ width: 0 }, 'width: must be at least 1; got 0'],
    [{ imageId: '' }, 'imageId: must have 1 to 512 printable characters'],
  ])('reject %o', async (changes, message) => {
    await expect(record(changes)).rejects.toThrow(message);
  });

  it('are deleted with their run', async () => {
    await record({});
    await record({ kind: SampleKind.BRANCH1 });
    await dataSource.query('DELETE FROM runs');
    expect(await dataSource.query('SELECT FROM samples UNION ALL SELECT FROM sample_images')).toEqual([]);
  });
});
