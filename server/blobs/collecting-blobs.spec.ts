import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Attempt } from '../attempts/attempt.entity.js';
import { inTransaction } from '../database/transaction.js';
import type { Runner } from '../runners/runner.entity.js';
import type { Run } from '../runs/run.entity.js';
import { emptyTables } from '../testing/empty-tables.js';
import {
  insertAttempt,
  insertDataset,
  insertRun,
  insertRunner,
  sha256Of,
  storeBlob,
} from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import { createBlobs } from './create-blobs.js';

const { dataSource } = testDatabase();
const { blobs, uploads } = createBlobs(dataSource);

describe('collecting blobs', () => {
  let runner: Runner;
  let run: Run;
  let attempt: Attempt;

  beforeEach(async () => {
    await emptyTables(dataSource, 'blobs', 'blob_chunks', 'blob_candidates', 'runs', 'datasets', 'runners');
    runner = await insertRunner(dataSource);
    run = await insertRun(dataSource, await insertDataset(dataSource));
    attempt = await insertAttempt(dataSource, run, runner);
  });

  const contents = async () => {
    const rows = await dataSource.query<{ content: string }[]>(
      'SELECT DISTINCT content FROM blob_chunks ORDER BY content',
    );
    return rows.map(({ content }) => content);
  };
  const candidates = () => dataSource.query('SELECT FROM blob_candidates');
  const show = (runId: string, input: string, truth: string) =>
    dataSource.query(`INSERT INTO sample_images VALUES ($1, 'image', 1, 1, $2, $3)`, [runId, input, truth]);
  const announce = (bytes: Buffer) =>
    uploads.open(runner.id, {
      sha256: sha256Of(bytes),
      contentType: 'image/png',
      bytes: bytes.length,
      attemptId: attempt.id,
      fence: 1,
      step: null,
    });
  const send = async (bytes: Buffer, from = 0, to = bytes.length) => {
    const upload = await announce(bytes);
    await uploads.receive(upload, from, Readable.from([bytes.subarray(from, to)]));
    return upload.id;
  };

  it('deletes those of a deleted run at once, and keeps those that another run still uses', async () => {
    const other = await insertRun(dataSource, await insertDataset(dataSource, 'other'));
    const [shared, own, checkpoint] = [
      await storeBlob(dataSource),
      await storeBlob(dataSource),
      await storeBlob(dataSource, randomBytes(1_500_000)),
    ];
    await show(run.id, shared, own);
    await show(other.id, shared, shared);
    await dataSource.query(
      'INSERT INTO checkpoints (run_id, attempt_id, step, sha256, bytes) VALUES ($1, $2, 1, $3, 1)',
      [run.id, attempt.id, checkpoint],
    );
    expect(await blobs.collect()).toBe(0);
    await dataSource.query('DELETE FROM runs WHERE id = $1', [run.id]);
    expect(await blobs.collect()).toBe(2);
    expect(await contents()).toEqual([shared]);
    expect(await candidates()).toEqual([]);
    await dataSource.query('DELETE FROM runs');
    expect(await blobs.collect()).toBe(1);
    expect(await contents()).toEqual([]);
  });

  it('keeps the pictures of reviews, and deletes one that was replaced or whose run was deleted', async () => {
    const [first, second] = [await storeBlob(dataSource), await storeBlob(dataSource)];
    await dataSource.query(`INSERT INTO review_pictures VALUES ($1, 'image', 'INPUT', 1, 1, $2)`, [run.id, first]);
    await dataSource.query('INSERT INTO blob_candidates SELECT content, now() FROM blobs WHERE sha256 = $1', [first]);
    expect(await blobs.collect()).toBe(0);
    await dataSource.query('UPDATE review_pictures SET sha256 = $1', [second]);
    expect(await blobs.collect()).toBe(1);
    expect(await contents()).toEqual([second]);
    await dataSource.query('DELETE FROM runs');
    expect(await blobs.collect()).toBe(1);
  });

  it('deletes an image that a report has replaced', async () => {
    const [first, second, third] = [
      await storeBlob(dataSource),
      await storeBlob(dataSource),
      await storeBlob(dataSource),
    ];
    await show(run.id, first, first);
    await dataSource.query('UPDATE sample_images SET input_sha256 = $1, ground_truth_sha256 = $1', [second]);
    const predict = (sha256: string) =>
      dataSource.query(
        `INSERT INTO samples VALUES ($1, 1, 'image', 'BRANCH1', $2)
         ON CONFLICT (run_id, step, image_id, network) DO UPDATE SET sha256 = excluded.sha256`,
        [run.id, sha256],
      );
    await predict(first);
    expect(await blobs.collect()).toBe(0);
    await predict(third);
    expect(await blobs.collect()).toBe(1);
    expect(await contents()).toEqual([second, third].sort());
  });

  it('keeps blobs that a report may still name, until a day after the end of the attempt', async () => {
    const id = await send(randomBytes(40));
    const end = (ago: string) =>
      dataSource.query(`UPDATE attempts SET state = 'LOST', finished_at = now() - interval '${ago}'`);
    for (const ago of ['0 hours', '23 hours']) {
      await end(ago);
      expect([await uploads.deleteExpired(), await blobs.collect()]).toEqual([0, 0]);
    }
    expect(await contents()).toEqual([id]);
    await end('24 hours');
    expect([await uploads.deleteExpired(), await blobs.collect()]).toEqual([1, 1]);
    expect(await contents()).toEqual([]);
  });

  it('keeps a blob for another day that a runner announces again, because a report may be sent again', async () => {
    const bytes = randomBytes(40);
    await send(bytes);
    await dataSource.query('UPDATE blob_uploads SET named_at = now()');
    await announce(bytes);
    await dataSource.query('DELETE FROM runs');
    expect(await blobs.collect()).toBe(0);
    await dataSource.query(`UPDATE blob_candidates SET due = due - interval '24 hours'`);
    expect(await blobs.collect()).toBe(1);
  });

  it('deletes the bytes of unfinished uploads: untouched for a day, or with their run or runner', async () => {
    const [old, recent] = [randomBytes(2_000_000), randomBytes(2_000_000)];
    const first = await send(old, 0, 1_500_000);
    const second = await send(recent, 0, 10);
    expect(await contents()).toEqual([first, second].sort());
    await dataSource.query(`UPDATE blob_uploads SET touched_at = now() - interval '24 hours' WHERE id = $1`, [first]);
    expect([await uploads.deleteExpired(), await blobs.collect()]).toEqual([1, 1]);
    expect(await contents()).toEqual([second]);
    await dataSource.query('DELETE FROM runners');
    expect(await blobs.collect()).toBe(1);
    expect([await contents(), await candidates()]).toEqual([[], []]);
  });

  it('keeps a blob that somebody has locked as a candidate', async () => {
    const sha256 = await storeBlob(dataSource);
    await dataSource.query('INSERT INTO blob_candidates VALUES ($1, now())', [sha256]);
    await inTransaction(dataSource, async (transaction) => {
      await show(run.id, sha256, sha256);
      await transaction.query('SELECT FROM blobs FOR KEY SHARE');
      expect(await blobs.collect()).toBe(0);
    });
    expect(await candidates()).toHaveLength(1);
    await dataSource.query('DELETE FROM sample_images');
    expect(await blobs.collect()).toBe(1);
  });

  it('looks at any number of candidates', async () => {
    for (let i = 0; i < 3; i++) await storeBlob(dataSource);
    await dataSource.query('INSERT INTO blob_candidates SELECT content, now() FROM blobs');
    await dataSource.query(
      `INSERT INTO blob_candidates SELECT 'gone ' || n, now() - interval '1 hour' FROM generate_series(1, 450) n`,
    );
    expect(await blobs.collect()).toBe(453);
    expect([await contents(), await candidates()]).toEqual([[], []]);
  });
});
