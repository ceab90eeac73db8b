import { createHash, randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SmallDisk } from '../../processes/small-disk.js';
import { type Claimed, type TestRunner, testServer, USER_TOKEN } from '../testing/test-server.js';
import { DISK_FULL } from './disk-full.js';

/** Tables that live on a real file system of a few megabytes: what they refuse is what a full disk refuses. */
const server = testServer();
const TABLES = ['log_lines', 'blob_chunks'];

describe.skipIf(!SmallDisk.isPossible)("when the server's disk is full", () => {
  const tablespace = `small_${randomBytes(6).toString('hex')}`;
  const sql = (text: string) => server.database.dataSource.query(text);
  let disk: SmallDisk;
  let runner: TestRunner;
  let attempt: Claimed;

  beforeAll(async () => {
    disk = SmallDisk.mount(mkdtempSync(join(tmpdir(), 'crosscheck-tablespace-')), '2m');
    const [{ data_directory: data }] = await sql('SHOW data_directory');
    const { uid, gid } = statSync(data);
    chownSync(disk.path, uid, gid);
    await sql(`CREATE TABLESPACE ${tablespace} LOCATION '${disk.path}'`);
    for (const table of TABLES) await sql(`ALTER TABLE ${table} SET TABLESPACE ${tablespace}`);
    runner = await server.registerRunner();
    await server.createRun();
    attempt = (await runner.claim())!;
  });
  afterAll(async () => {
    for (const table of TABLES) await sql(`ALTER TABLE ${table} SET TABLESPACE pg_default`);
    await sql(`DROP TABLESPACE ${tablespace}`);
    disk.unmount();
    rmdirSync(disk.path);
  });

  // Random, because Postgres compresses long texts.
  const lines = (count: number) =>
    Array.from({ length: count }, () => ({
      at: '2026-01-01T00:00:00.000Z',
      level: 'INFO',
      message: randomBytes(6000).toString('base64'),
    }));
  const stored = async () => (await server.run(attempt.runId, 'log(last: 5000) { message }')).log.length;

  it('a report is refused as a whole, the runner is told to try again, and it is stored once there is room', async () => {
    await runner.report(attempt, { sequence: 1, log: lines(10) });
    const large = { sequence: 2, step: 7, log: lines(300) };
    await expect(runner.report(attempt, large)).rejects.toThrow(`SERVICE_UNAVAILABLE: ${DISK_FULL}`);
    expect(await stored()).toBe(10);
    expect(await server.run(attempt.runId, 'step state')).toEqual({ step: 0, state: 'RUNNING' });
    // The lease can still be renewed: that needs no more room.
    expect(await runner.heartbeat(attempt)).toEqual(['CONTINUE']);
    disk.remount('size=64m');
    expect(await runner.report(attempt, large)).toMatchObject({ acknowledged: 2 });
    expect(await stored()).toBe(310);
  });

  it('GraphQL and blobs answer 503, which runners retry for as long as it takes', async () => {
    disk.remount('size=16m');
    expect(() => writeFileSync(join(disk.path, 'filler'), Buffer.alloc(32 * 1024 ** 2))).toThrow('ENOSPC');
    const headers = { authorization: `Bearer ${runner.token}` };
    const { attemptId, fence } = attempt;
    const query = 'mutation ($report: AttemptReportInput!) { reportAttempt(report: $report) { acknowledged } }';
    const body = JSON.stringify({ query, variables: { report: { attemptId, fence, sequence: 3, log: lines(600) } } });
    const json = { ...headers, 'content-type': 'application/json' };
    const report = await fetch(`${server.url}/graphql`, { method: 'POST', headers: json, body });
    expect(report.status).toBe(503);
    expect(await report.json()).toMatchObject({ errors: [{ message: DISK_FULL }] });
    const bytes = randomBytes(4 * 1024 ** 2);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const put = await fetch(`${server.url}/blobs/${sha256}`, {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'application/octet-stream' },
      body: bytes,
    });
    expect(put.status).toBe(503);
    expect(await put.json()).toMatchObject({ errors: [{ message: DISK_FULL }] });
    expect(await server.ask('{ runs { totalCount } }', {}, USER_TOKEN)).toEqual({ runs: { totalCount: 1 } });
  });
});
