import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { crosscheck } from '../cli/testing/crosscheck.js';
import type { Program } from '../processes/program.js';
import { until } from '../processes/until.js';
import { writeIdentity } from '../runner/agent/identity.js';
import { blobLies } from '../runner/agent/testing/blob-lies.js';
import { FalseServer } from '../runner/agent/testing/false-server.js';
import { socketLies } from '../runner/agent/testing/socket-lies.js';
import { fillWithVictims, snapshot } from '../runner/agent/testing/watched-tree.js';
import { startCrosscheck } from './support/crosscheck.js';

/**
 * The commands of a runner, in their own processes, and a server that lies to them. runner/agent/false-server.spec.ts tells
 * every lie to an agent; here are the worst of them, and then the truth.
 */

const BYTES = Buffer.from('these bytes are not a checkpoint');
const sha256 = createHash('sha256').update(BYTES).digest('hex');
/** A run that completes in a second. */
const SHORT = {
  split: { labelledImages: 4 },
  method: { name: 'supervised' },
  network: { width: 0.0625 },
  augmentation: { crop: [32, 32] },
  training: { iterations: 2, batchLabelled: 2, evaluateImages: 2, sampleImages: 0 },
};

let asked: string[];
const trap = createServer((request, response) => {
  asked.push(request.url!);
  response.end('trapped');
});
let root: string;
let home: string;
let server: FalseServer;
let before: string[];

beforeAll(() => new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve)));
afterAll(() => void trap.close());
beforeEach(async () => {
  asked = [];
  root = mkdtempSync(join(tmpdir(), 'crosscheck-false-server-'));
  fillWithVictims(root);
  home = join(root, 'home');
  mkdirSync(home);
  server = new FalseServer(bait());
  server.blobs.set(sha256, BYTES);
  await server.listen();
  before = snapshot(root, [home]);
});
afterEach(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

const bait = () => ({ url: `http://127.0.0.1:${(trap.address() as AddressInfo).port}/`, path: join(root, 'victim') });

async function registered(): Promise<void> {
  await writeIdentity(home, {
    server: server.url,
    runnerId: '11111111-1111-4111-8111-111111111111',
    token: 'secret',
    name: 'r',
    pool: 'default',
    engine: 'wasm',
    device: 'cpu',
    slots: [{ kernels: 'auto', adapter: null }],
    data: [{ name: 'shapes', kind: 'shapes', directory: null }],
  });
}

function expectNoDamage(runner?: Program): void {
  expect(snapshot(root, [home])).toEqual(before);
  expect(asked).toEqual([]);
  expect(runner?.output ?? '').not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
}

it('a running runner touches nothing outside its home, and then trains for an honest server', async () => {
  await registered();
  server.socketLies.push(...socketLies(bait()));
  // Everything that names a file, and some of the rest, without runs whose names or addresses would be accepted: each takes
  // seconds to train.
  const lies = server.lieAbout('ClaimRun').filter(({ about }, index) => {
    if (/attemptId|sha256/.test(about)) return true;
    return (
      !/\.(name|url) = /.test(about) && index % (about.includes('config') || !about.includes(' = ') ? 3 : 20) === 0
    );
  });
  expect(lies.length).toBeGreaterThan(110);
  server.lies.set('ClaimRun', lies);
  server.lies.set('StartRunner', server.lieAbout('StartRunner').slice(40, 43));
  server.lies.set('Heartbeat', server.lieAbout('Heartbeat'));
  const runner = startCrosscheck(['runner', 'start', '--home', home]);
  await until('all lies about claims to be told', 200, async () => {
    await runner.assertRunning();
    return lies.length === 0 || null;
  });
  expectNoDamage(runner);

  server.lies.set('blob', blobLies(bait(), BYTES).slice(0, 4));
  server.resumeFrom = { step: 1, sha256, bytes: BYTES.length };
  server.queue.push(SHORT);
  await until(
    'a damaged checkpoint to be reported',
    100,
    async () => server.finished.some(({ outcome }) => outcome === 'LOST') || null,
  );
  expectNoDamage(runner);

  server.resumeFrom = null;
  server.lies.clear();
  server.queue.push(SHORT);
  await until(
    'a run to complete',
    200,
    async () => server.finished.some(({ outcome }) => outcome === 'SUCCEEDED') || null,
  );
  expect(await runner.stop(30)).toBe(0);
  expectNoDamage(runner);
  expect(readdirSync(join(home, 'attempts'))).toEqual([]);
});

it('status and register say in one line what is wrong', async () => {
  await registered();
  const status = ['runner', 'status', '--home', home];
  const lies = server.lieAbout('RunnerStatus').filter((_, index) => index % 8 === 0);
  server.lies.set('RunnerStatus', lies);
  while (lies.length > 0) {
    const { code, err } = await crosscheck(...status);
    expect([0, 1, 2, 4]).toContain(code);
    if (code !== 0) expect(err.join('\n')).toMatch(/^error: /);
    expect(err.join('\n')).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  }
  expectNoDamage();

  server.lies.set(
    'RegisterRunner',
    server.lieAbout('RegisterRunner').filter((_, index) => index % 25 === 0),
  );
  const other = join(home, 'other');
  while (!server.hasToldAll('RegisterRunner')) {
    const where = ['--server', server.url, '--token', 'x', '--home', other, '--engine', 'cpu', '--force'];
    const { code, err } = await crosscheck('runner', 'register', ...where);
    expect([0, 1, 2, 4], err.join('\n')).toContain(code);
    if (code !== 0) expect(err.join('\n')).toMatch(/^error: /);
  }
  expectNoDamage();
});
