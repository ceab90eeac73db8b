import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { Agent } from './agent.js';
import { ServerClient } from './server-client.js';
import { blobLies, pieceLies, uploadLies } from './testing/blob-lies.js';
import { FalseServer } from './testing/false-server.js';
import type { Lie } from './testing/lies.js';
import { attemptId } from './testing/scripted-server.js';
import { socketLies } from './testing/socket-lies.js';
import { fillWithVictims, snapshot } from './testing/watched-tree.js';

/**
 * An agent and a server that lies: about every field of every answer, with everything that it could answer instead, and
 * about the bytes of a checkpoint. Nothing outside the agent's home may change, nothing may be sent to another host, the
 * agent must not fail, and when the server becomes honest it must train. e2e/false-server.spec.ts does the same to the
 * real command.
 */

const trainScript = join(import.meta.dirname, 'testing/child.mjs');
const CHECKPOINT = Buffer.from('a checkpoint that is long enough');
const sha256 = createHash('sha256').update(CHECKPOINT).digest('hex');
const SHAPES = {
  name: 'shapes',
  kind: 'shapes',
  classes: ['background', 'disc'].map((name) => ({ name, color: '#102030' })),
  ignoreIndex: 255,
  trainImages: 2,
  unlabelledImages: 0,
  valImages: 1,
  testImages: 1,
  fingerprint: 'a'.repeat(64),
};

vi.setConfig({ testTimeout: 300_000 });

let root: string;
let homes: string[];
let server: FalseServer;
let lines: string[];
let before: string[];
let asked: string[];
const trap = createServer((request, response) => {
  asked.push(request.url!);
  response.end('trapped');
});

beforeAll(() => new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve)));
afterAll(() => void trap.close());

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'crosscheck-false-'));
  fillWithVictims(root);
  // Agents mostly wait before they try again, so the server lies to several at a time.
  homes = [...'abcdefgh'].map((name) => join(root, name));
  for (const home of homes) mkdirSync(home);
  [lines, asked] = [[], []];
  server = new FalseServer(bait());
  server.blobs.set(sha256, CHECKPOINT);
  await server.listen();
  before = snapshot(root, homes);
});
afterEach(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

const bait = () => ({ url: `http://127.0.0.1:${(trap.address() as AddressInfo).port}/`, path: join(root, 'victim') });

function agentIn(home: string, once = false): Agent {
  const log = (line: string): void => void lines.push(line);
  const about = { name: 'r', host: 'h', engine: 'wasm', device: 'cpu', version: '0', pool: 'default' };
  return new Agent({
    home,
    instance: { id: randomUUID(), host: 'h' },
    info: { ...about, slots: 1, datasets: [SHAPES] },
    slots: [{ kernels: 'auto', adapter: null }],
    sources: [{ name: 'shapes', kind: 'shapes', directory: null }],
    client: new ServerClient(server.url, 'token', log, { firstMs: 2, longestMs: 10 }),
    trainScript,
    once,
    stallSeconds: null,
    log,
  });
}

const until = (condition: () => boolean) =>
  vi.waitFor(() => expect(condition(), lines.slice(-5).join('\n')).toBe(true), { timeout: 200_000, interval: 10 });

/** Nothing outside the homes has changed, nobody else was asked, and nothing in the prototype of objects. */
function expectNoDamage(): void {
  expect(snapshot(root, homes)).toEqual(before);
  expect(asked).toEqual([]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
}

/** The server is honest now: a run completes in a home, and nothing of it stays. */
async function expectGoodWork(): Promise<void> {
  server.finished.length = 0;
  server.queue.push({ steps: 3 });
  expect(await agentIn(homes[0]!, true).run()).toEqual({ outcome: 'SUCCEEDED', message: null });
  expect(readdirSync(join(homes[0]!, 'attempts'))).toEqual([]);
  expect(server.finished.at(-1)).toMatchObject({ outcome: 'SUCCEEDED' });
}

it('survives lies about its start', async () => {
  // Each takes a start. answers.spec.ts has all of them.
  const lies = server.lieAbout('StartRunner').filter((_, index) => index % 3 === 0);
  server.lies.set('StartRunner', lies);
  expect(lies.length).toBeGreaterThan(80);
  // The server tells every second starting agent the truth at once.
  const startAll = async (home: string): Promise<void> => {
    while (lies.length > 0) expect(await agentIn(home, true).run()).toBeNull();
  };
  await Promise.all(homes.map(startAll));
  expectNoDamage();
  await expectGoodWork();
});

it('survives lies about claims, with false WebSockets', async () => {
  // Everything that could name a file or that is wrong as a whole, and every third lie of the rest: answers.spec.ts has all
  // of them. An address is never used, so almost any is accepted, and the run is trained. One kind of them is enough.
  const lies = server.lieAbout('ClaimRun').filter(({ about }, index) => {
    if (about.includes('.url = ')) return about.includes('http');
    return /attemptId|\.id|resumeFrom|config/.test(about) || !about.includes(' = ') || index % 3 === 0;
  });
  server.lies.set('ClaimRun', lies);
  expect(lies.length).toBeGreaterThan(400);
  server.socketLies.push(...socketLies(bait()));
  const agents = homes.map((home) => agentIn(home));
  const ended = agents.map((agent) => agent.run());
  await until(() => lies.length === 0);
  for (const agent of agents) agent.drain('the test is over');
  await Promise.all(ended);
  expectNoDamage();
  await expectGoodWork();
});

/** Leaves an attempt in a home, as an agent does that was killed before it could deliver a report and the outcome. */
function leaveBehind(home: string, fence: number): void {
  const folder = join(home, 'attempts', attemptId(fence));
  mkdirSync(join(folder, 'blobs'), { recursive: true });
  writeFileSync(join(folder, 'attempt.json'), JSON.stringify({ attemptId: attemptId(fence), fence }));
  writeFileSync(join(folder, 'reports.ndjson'), `${JSON.stringify({ sequence: 1, content: { step: 1 } })}\n`);
  writeFileSync(join(folder, 'outcome.json'), '{"outcome":"SUCCEEDED","message":null}');
}

it('survives every lie about reports and the end of attempts', async () => {
  const lies = ['ReportAttempt', 'FinishAttempt'].flatMap((operation) => server.lieAbout(operation));
  expect(lies.length).toBeGreaterThan(300);
  let fence = 1_000_000;
  const deliverAll = async (home: string): Promise<void> => {
    while (!server.hasToldAll('ReportAttempt', 'FinishAttempt')) {
      for (let left = 0; left < 10; left++) leaveBehind(home, ++fence);
      await agentIn(home, true).run();
    }
  };
  await Promise.all(homes.map(deliverAll));
  expectNoDamage();
  await expectGoodWork();
});

it('survives every lie about heartbeats while it trains', async () => {
  const agent = agentIn(homes[0]!);
  expect(server.lieAbout('Heartbeat').length).toBeGreaterThan(150);
  server.heartbeatSeconds = 0.01;
  server.queue.push({ steps: 1e6, stepMs: 5 });
  const ended = agent.run();
  await until(() => server.hasToldAll('Heartbeat'));
  server.directive = 'CANCEL';
  await until(() => server.finished.length > 0);
  expect(server.finished[0]).toMatchObject({ outcome: 'CANCELED' });
  agent.drain('the test is over');
  await ended;
  server.directive = 'CONTINUE';
  expectNoDamage();
  await expectGoodWork();
});

it('survives every lie about the bytes of a checkpoint, whose address it does not believe', async () => {
  for (const lie of blobLies(bait(), CHECKPOINT)) {
    server.lies.set('blob', [lie]);
    server.resumeFrom = { step: 1, sha256, bytes: CHECKPOINT.length };
    server.queue.push({ steps: 3 });
    const result = await agentIn(homes[0]!, true).run();
    // What can be sent again was; the rest is damaged, and the run is for another runner.
    expect(['SUCCEEDED', 'LOST'], lie.about).toContain(result?.outcome);
    if (result?.outcome === 'LOST') expect(result.message, lie.about).toMatch(/is damaged|HTTP 404/);
    expectNoDamage();
    expect(readdirSync(join(homes[0]!, 'attempts'))).toEqual([]);
  }
  server.resumeFrom = null;
  await expectGoodWork();
});

it('survives every lie about uploads, whose addresses it does not believe', async () => {
  const lies = uploadLies(bait());
  const pieces = pieceLies(bait());
  server.lies.set('upload', lies).set('piece', pieces);
  const told = lies.length + pieces.length;
  server.queue.push({ steps: told, sampleBytes: 100 });
  expect(await agentIn(homes[0]!, true).run()).toEqual({ outcome: 'SUCCEEDED', message: null });
  expect(server.hasToldAll('upload', 'piece')).toBe(true);
  expectNoDamage();
  await expectGoodWork();
});

it('stops at once while the server keeps the checkpoint back', async () => {
  server.resumeFrom = { step: 1, sha256, bytes: 2 ** 31 };
  server.lies.set('blob', [{ about: 'silence', tell: () => {} }]);
  server.queue.push({ steps: 3 });
  const agent = agentIn(homes[0]!);
  const ended = agent.run();
  await until(() => server.answered.has('blob'));
  const started = Date.now();
  agent.drain('the test is over');
  expect(await ended).toMatchObject({ outcome: 'RELEASED' });
  expect(Date.now() - started).toBeLessThan(10_000);
});

it('keeps what it has not delivered when a claim names the same attempt', async () => {
  const data = server.example('ClaimRun') as { claimRun: { attemptId: string } };
  const folder = join(homes[0]!, 'attempts', data.claimRun.attemptId);
  let kept: string[] = [];
  const tell: Lie['tell'] = (response) => {
    // As if an earlier agent had kept it because the server failed for too long.
    mkdirSync(folder, { recursive: true });
    kept = snapshot(folder, []);
    response.end(JSON.stringify({ data }));
  };
  server.lies.set('ClaimRun', [{ about: 'an attempt that exists', tell }]);
  const agent = agentIn(homes[0]!);
  const ended = agent.run();
  await until(() =>
    lines.some((line) => line.endsWith(`this runner already has the attempt ${data.claimRun.attemptId}`)),
  );
  agent.drain('the test is over');
  await ended;
  expect(snapshot(folder, [])).toEqual(kept);
});
