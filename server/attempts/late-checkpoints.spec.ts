import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { sha256Of } from '../testing/results-fixtures.js';
import { type Claimed, type TestRunner, testServer, USER_TOKEN } from '../testing/test-server.js';
import { UploadRequests } from '../testing/upload-requests.js';

const server = testServer();
const { dataSource } = server.database;
const requests = new UploadRequests(
  () => server.url,
  () => ({ attempt, token: runner.token }),
);
let runner: TestRunner;
let attempt: Claimed;
let runs = 0;

beforeEach(async () => {
  runner = await server.registerRunner({ name: `gpu-${++runs}` });
  await server.createRun();
  attempt = (await runner.claim())!;
  await runner.report(attempt, { sequence: 1, step: 9, points: [{ series: 'loss', steps: [9], values: [1] }] });
});

const retry = (id: string) => server.ask(`mutation { retryRun(id: "${id}") { state } }`, {}, USER_TOKEN);
const givenUp = () => dataSource.query(`UPDATE blob_uploads SET touched_at = now() - interval '61 seconds'`);
const stored = async () => {
  const rows = await dataSource.query<{ step: number }[]>('SELECT step FROM checkpoints WHERE attempt_id = $1', [
    attempt.attemptId,
  ]);
  return rows.map(({ step }) => step);
};

/** Opens the upload of a checkpoint of step 9, ends the attempt, sends the bytes, and returns the report that is due. */
async function lateReport(outcome: string) {
  const bytes = randomBytes(1000);
  const location = await requests.open(bytes, 9);
  await runner.finish(attempt, outcome, 'for the test');
  const sent = await requests.send(location, bytes);
  if (sent.status !== 204) throw new Error(await sent.text());
  return { sequence: 2, checkpoint: { step: 9, sha256: sha256Of(bytes), bytes: 1000 } };
}

describe('a checkpoint that arrives after the end of its run', () => {
  it.each(['FAILED', 'CANCELED'])('is stored: %s, and a retried run resumes from it', async (outcome) => {
    const report = await lateReport(outcome);
    expect(await runner.report(attempt, report)).toEqual({ acknowledged: 2, directive: 'CONTINUE' });
    // If the answer is lost.
    expect(await runner.report(attempt, report)).toEqual({ acknowledged: 2, directive: 'CONTINUE' });
    expect(await stored()).toEqual([9]);
    await retry(attempt.runId);
    expect((await runner.claim())!.resumeFrom).toMatchObject({ step: 9, sha256: report.checkpoint.sha256 });
  });

  it('is waited for when the run is retried, unless it gets no more bytes', async () => {
    const report = await lateReport('FAILED');
    await retry(attempt.runId);
    expect(await runner.claim()).toBeNull();
    const waitsFor = async () => (await server.run(attempt.runId, 'waitsFor')).waitsFor;
    expect(await waitsFor()).toBe('its last checkpoint is still being uploaded');
    await givenUp();
    expect(await waitsFor()).toBeNull();
    expect((await runner.claim())!.resumeFrom).toBeNull();
    expect((await runner.report(attempt, report)).directive).toBe('LEASE_LOST');
  });

  it('does not renew the lease or bring the run back', async () => {
    await runner.report(attempt, await lateReport('FAILED'));
    expect(await server.run(attempt.runId, 'state failure')).toEqual({ state: 'FAILED', failure: 'for the test' });
    expect(await runner.heartbeat(attempt)).toEqual(['LEASE_LOST']);
  });

  it.each<[string, (report: Awaited<ReturnType<typeof lateReport>>) => object]>([
    ['with anything else in its report', (report) => ({ ...report, step: 9 })],
    ['of another step', (report) => ({ ...report, checkpoint: { ...report.checkpoint, step: 8 } })],
    ['of another fence', (report) => ({ ...report, fence: 2 })],
    ['that was not sent', ({ checkpoint }) => ({ sequence: 2, checkpoint: { ...checkpoint, sha256: 'f'.repeat(64) } })],
  ])('is not stored %s', async (_, change) => {
    const report = change(await lateReport('FAILED'));
    expect(await runner.report(attempt, report as Record<string, unknown>)).toEqual({
      acknowledged: 1,
      directive: 'LEASE_LOST',
    });
    expect(await stored()).toEqual([]);
  });

  it('is not stored a day later, after a lost or released attempt, or when the run was claimed again', async () => {
    const lost = await lateReport('LOST');
    expect((await runner.report(attempt, lost)).directive).toBe('LEASE_LOST');
    attempt = (await runner.claim())!;
    const old = await lateReport('FAILED');
    await dataSource.query(`UPDATE attempts SET finished_at = now() - interval '24 hours' WHERE id = $1`, [
      attempt.attemptId,
    ]);
    expect((await runner.report(attempt, { ...old, sequence: 1 })).directive).toBe('LEASE_LOST');
    await retry(attempt.runId);
    await givenUp();
    attempt = (await runner.claim())!;
    const released = await lateReport('FAILED');
    await retry(attempt.runId);
    await givenUp();
    await runner.claim();
    expect((await runner.report(attempt, { ...released, sequence: 1 })).directive).toBe('LEASE_LOST');
    expect(await stored()).toEqual([]);
  });
});
