import { beforeEach, describe, expect, it } from 'vitest';
import type { Attempt } from '../attempts/attempt.entity.js';
import { createBlobs } from '../blobs/create-blobs.js';
import { inTransaction } from '../database/transaction.js';
import type { Run } from '../runs/run.entity.js';
import { emptyTables } from '../testing/empty-tables.js';
import { insertAttempt, insertDataset, insertRun, insertRunner, storeBlob } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import { CheckpointsRepository } from './checkpoints.repository.js';
import { CheckpointsService } from './checkpoints.service.js';

const { dataSource } = testDatabase();
const { blobs } = createBlobs(dataSource);
const service = new CheckpointsService({ repository: new CheckpointsRepository(), blobs });

describe('CheckpointsService', () => {
  let run: Run;
  let attempt: Attempt;
  const record = (step: number, sha256: string, bytes = 40) =>
    inTransaction(dataSource, (transaction) =>
      service.record(transaction, run.id, attempt.id, { step, sha256, bytes }),
    );
  const newest = () => service.newest(dataSource.manager, run.id);

  beforeEach(async () => {
    await emptyTables(dataSource, 'runs', 'runners', 'datasets', 'blobs', 'blob_chunks', 'blob_candidates');
    run = await insertRun(dataSource, await insertDataset(dataSource));
    attempt = await insertAttempt(dataSource, run, await insertRunner(dataSource));
  });

  it('returns the newest one, or null if there is none', async () => {
    expect(await newest()).toBeNull();
    const [first, second] = [await storeBlob(dataSource), await storeBlob(dataSource)];
    await record(100, first);
    await record(200, second);
    expect(await newest()).toEqual({ step: 200, sha256: second, bytes: 40 });
  });

  it('keeps the newest two, and their blobs', async () => {
    const hashes = [await storeBlob(dataSource), await storeBlob(dataSource), await storeBlob(dataSource)];
    for (const [index, sha256] of hashes.entries()) await record(100 * (index + 1), sha256);
    expect(await blobs.collect()).toBe(1);
    expect(await blobs.find(hashes[0]!)).toBeNull();
    expect(await blobs.find(hashes[1]!)).not.toBeNull();
    expect(await newest()).toMatchObject({ step: 300 });
  });

  it('keeps one per step if a resumed run writes it again', async () => {
    const [first, second, again] = [
      await storeBlob(dataSource),
      await storeBlob(dataSource),
      await storeBlob(dataSource),
    ];
    await record(100, first);
    await record(200, second);
    await record(200, again);
    expect(await newest()).toEqual({ step: 200, sha256: again, bytes: 40 });
    expect(await dataSource.query('SELECT step FROM checkpoints ORDER BY id')).toEqual([{ step: 100 }, { step: 200 }]);
  });

  it('returns the one reported last, even after a restart from the beginning', async () => {
    await record(500, await storeBlob(dataSource));
    await record(100, await storeBlob(dataSource));
    expect(await newest()).toMatchObject({ step: 100 });
  });

  it('rejects a blob that was not uploaded, one of another size, and a negative step', async () => {
    const sha256 = await storeBlob(dataSource);
    await expect(record(100, 'e'.repeat(64))).rejects.toThrow(`not uploaded: ${'e'.repeat(64)}`);
    await expect(record(100, sha256, 41)).rejects.toThrow('should have 41 bytes, but its blob has 40');
    await expect(record(-1, sha256)).rejects.toThrow('must be at least 0');
    expect(await newest()).toBeNull();
  });

  it('deletes checkpoints with their run', async () => {
    await record(100, await storeBlob(dataSource));
    await dataSource.query('DELETE FROM runs');
    expect(await blobs.collect()).toBe(1);
  });
});
