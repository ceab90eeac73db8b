import { beforeEach, describe, expect, it } from 'vitest';
import { insertAttempt, insertDataset, insertRun, insertRunner, storeBlob } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import { BlobsRepository } from './blobs.repository.js';
import { BlobsService } from './blobs.service.js';
import { UploadsRepository } from './uploads.repository.js';
import { UploadsService } from './uploads.service.js';

const { dataSource } = testDatabase();
const repository = new BlobsRepository(dataSource);
const service = new BlobsService({ dataSource, repository });
const uploads = new UploadsService({
  dataSource,
  repository: new UploadsRepository(dataSource),
  blobs: service,
  maxWaitingBytes: 1_000_000,
  maxWaitingUploads: 1000,
});
const eager = new BlobsService({ dataSource, repository, limits: { uploadGraceSeconds: 0 } });

describe('collecting blobs', () => {
  beforeEach(() => dataSource.query('TRUNCATE blobs, runs, datasets CASCADE'));

  it('deletes blobs that nothing refers to, with their chunks, and keeps those that a run still uses', async () => {
    const dataset = await insertDataset(dataSource);
    const [first, second] = [await insertRun(dataSource, dataset), await insertRun(dataSource, dataset)];
    const [shared, own, unnamed] = [await storeBlob(eager), await storeBlob(eager), await storeBlob(eager)];
    const show = (runId: string, input: string, truth: string) =>
      dataSource.query(`INSERT INTO sample_images VALUES ($1, 'image', 1, 1, $2, $3)`, [runId, input, truth]);
    await show(first.id, shared, own);
    await show(second.id, shared, shared);
    expect(await eager.collect()).toBe(1);
    expect(await eager.find(unnamed)).toBeNull();
    await dataSource.query('DELETE FROM runs WHERE id = $1', [first.id]);
    expect(await eager.collect()).toBe(1);
    expect(await eager.find(own)).toBeNull();
    expect(await eager.find(shared)).not.toBeNull();
    const chunks = await dataSource.query<{ sha256: string }[]>('SELECT sha256 FROM blob_chunks');
    expect(chunks).toEqual([{ sha256: shared }]);
  });

  it('keeps blobs that a report may still name', async () => {
    const runner = await insertRunner(dataSource);
    const attempt = await insertAttempt(
      dataSource,
      await insertRun(dataSource, await insertDataset(dataSource)),
      runner,
    );
    const sha256 = await storeBlob(eager);
    const announcement = { sha256, contentType: 'image/png', bytes: 40, attemptId: attempt.id, fence: 1 };
    expect((await uploads.open(runner.id, announcement)).completedAt).not.toBeNull();
    expect(await eager.collect()).toBe(0);
    await dataSource.query(`UPDATE attempts SET state = 'LOST', finished_at = now() - interval '23 hours'`);
    expect(await uploads.deleteExpired()).toBe(0);
    expect(await eager.collect()).toBe(0);
    await dataSource.query(`UPDATE attempts SET finished_at = now() - interval '24 hours'`);
    expect(await uploads.deleteExpired()).toBe(1);
    expect(await eager.collect()).toBe(1);
  });

  it('keeps blobs that were uploaded recently, even if they were already stored', async () => {
    const sha256 = await storeBlob(service);
    expect(await service.collect()).toBe(0);
    await dataSource.query(`UPDATE blobs SET uploaded_at = now() - interval '1 day'`);
    await service.touch(sha256);
    expect(await service.collect()).toBe(0);
    await dataSource.query(`UPDATE blobs SET uploaded_at = now() - interval '1 day'`);
    expect(await service.collect()).toBe(1);
  });
});
