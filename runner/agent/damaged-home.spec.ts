import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { EXIT, UserError } from '../../schema/exit-codes.js';
import { type Machine, start } from './commands.js';
import { setAside } from './damaged.js';
import { writeIdentity } from './identity.js';
import { attemptId } from './testing/scripted-server.js';
import { attemptFolders, home, lines, server, steps, testAgents } from './testing/test-agent.js';

testAgents();

/**
 * Damages each file of a home that an agent left behind in the middle of three runs, in every way in which a power cut or
 * a careless copy does. The agent must start, say what is damaged, and deliver what is not.
 */
const [A, B, DONE] = [attemptId(1), attemptId(2), attemptId(3)];
const STEPS = 4;

const left = mkdtempSync(join(tmpdir(), 'crosscheck-left-'));
afterAll(() => rmSync(left, { recursive: true }));

const machine: Machine = {
  version: '0',
  commit: null,
  trainScript: join(import.meta.dirname, 'testing/child.mjs'),
  startEngine: () => Promise.reject(new Error('an agent starts no engine')),
  print: (line) => void lines.push(line),
};
const startAgent = (once: boolean) =>
  start({ home, once, data: [], weights: [], allowHost: [], stallSeconds: 0 }, machine);
const warnings = (): string[] =>
  lines.filter((line) => line.includes('warning: ')).map((line) => line.split('warning: ')[1]!);
const lossSteps = (id: string): unknown[] =>
  server.reports
    .filter((report) => report.attemptId === id)
    .flatMap(({ points }) =>
      (points ?? []).filter(({ series }) => series === 'loss').flatMap((column) => column.steps),
    );

/** The home as kill -9 would have left it: two attempts are training, and one has ended, but nothing is delivered. */
async function leaveBehind(): Promise<void> {
  const slots = Array.from({ length: 3 }, () => ({ kernels: 'auto' as const, adapter: null }));
  const names = { name: 'r', pool: 'default', engine: 'wasm', device: 'cpu', slots };
  const data = [{ name: 'shapes', kind: 'shapes' as const, directory: null }];
  await writeIdentity(home, { server: server.url, runnerId: '1', token: 'secret', ...names, data });
  const go = join(left, 'go');
  const long = { steps: STEPS, checkpointAt: 2, stepMs: 90, sampleBytes: 10, waitAt: STEPS, waitFor: go };
  server.queue.push(long, long, { ...long, waitAt: null });
  server.troubles.push(...Array.from({ length: 100_000 }, () => 'unavailable' as const));
  const running = startAgent(false);
  const text = (id: string, name: string): string => {
    const file = join(home, 'attempts', id, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  // Each report with points has the step of the newest one.
  const waits = (id: string) => /"step":4,.*"packedPoints"/.test(text(id, 'reports.ndjson'));
  // Three training processes start at once, which takes a busy machine long.
  const isReady = () => expect(waits(A) && waits(B) && text(DONE, 'outcome.json') !== '', lines.join('\n')).toBe(true);
  await vi.waitFor(isReady, { timeout: 100_000, interval: 20 });
  cpSync(home, join(left, 'home'), { recursive: true });
  // The lock is that of this process, which does not end.
  const lock = join(left, 'home/lock/1');
  writeFileSync(lock, readFileSync(lock, 'utf8').replace(/"startTime":"[0-9]+"/, '"startTime":"1"'));
  server.troubles.length = 0;
  process.emit('SIGTERM', 'SIGTERM');
  writeFileSync(go, '');
  expect(await running).toBe(EXIT.done);
}

beforeEach(async () => {
  if (!existsSync(join(left, 'home'))) await leaveBehind();
  recreate();
});

function recreate(): void {
  rmSync(home, { recursive: true });
  cpSync(join(left, 'home'), home, { recursive: true });
  for (const list of [server.reports, server.finished, server.operations, lines]) list.length = 0;
  server.sequences.clear();
  server.blobs.clear();
  server.opened.clear();
}

/** What can happen to a file. */
const DAMAGES: Record<string, (file: string) => void> = {
  empty: (file) => truncateSync(file),
  'cut in the middle': (file) => truncateSync(file, Math.floor(statSync(file).size / 2)),
  'NULs at the end': (file) => {
    const { size } = statSync(file);
    truncateSync(file, size - Math.ceil(size / 3));
    truncateSync(file, size);
  },
  'all NULs': (file) => writeFileSync(file, Buffer.alloc(Math.max(1, statSync(file).size))),
  garbage: (file) =>
    writeFileSync(file, Buffer.from(Array.from({ length: 500 }, (_, index) => (index * 151 + 7) % 256))),
  'other JSON': (file) => writeFileSync(file, '[{"x": 1}]\n'),
  missing: (file) => rmSync(file),
  'a folder': (file) => {
    rmSync(file);
    mkdirSync(file);
    writeFileSync(join(file, 'x'), 'x');
  },
  ...(process.getuid?.() === 0 ? {} : { unreadable: (file: string) => chmodSync(file, 0) }),
};

const blobOf = (id: string, kind: 'image' | 'checkpoint'): string => {
  const folder = join('attempts', id, 'blobs');
  // The training process of the tests writes checkpoints of one byte.
  const size = kind === 'checkpoint' ? 1 : 10;
  return join(
    folder,
    readdirSync(join(home, folder)).find((name) => statSync(join(home, folder, name)).size === size)!,
  );
};

/** The file, and the damages that are a usual state of it. */
const FILES: [string, () => string, string[]][] = [
  ['attempt.json', () => join('attempts', A, 'attempt.json'), []],
  ['reports.ndjson', () => join('attempts', A, 'reports.ndjson'), ['empty', 'cut in the middle', 'missing']],
  ['an image', () => blobOf(A, 'image'), ['missing']],
  ['a checkpoint', () => blobOf(A, 'checkpoint'), ['missing']],
  ['outcome.json', () => join('attempts', DONE, 'outcome.json'), ['missing']],
  [
    'reports.ndjson of an attempt that has ended',
    () => join('attempts', DONE, 'reports.ndjson'),
    ['empty', 'cut in the middle', 'missing'],
  ],
  ['checkpoints.json', () => join('attempts', A, 'checkpoints.json'), ['missing']],
  ['checkpoints.json of an attempt that has ended', () => join('attempts', DONE, 'checkpoints.json'), ['missing']],
  ['training.log', () => join('attempts', A, 'training.log'), Object.keys(DAMAGES)],
  ['instance.json', () => 'instance.json', ['missing']],
  // Only its first half is used.
  ['disk.json', () => 'disk.json', ['empty', 'cut in the middle', 'missing']],
];

test.each(FILES)('%s may be damaged: the agent starts, warns once and delivers the rest', async (_, find, usual) => {
  for (const [how, damage] of Object.entries(DAMAGES)) {
    recreate();
    const file = join(home, find());
    damage(file);
    expect(await startAgent(true), how).toBe(EXIT.nothingToDo);
    expect(warnings().length, `${how}: ${lines.join('\n')}`).toBe(usual.includes(how) ? 0 : 1);
    if (!usual.includes(how)) {
      expect(warnings()[0], how).toContain(file);
      expect(readdirSync(join(home, 'damaged')), how).toHaveLength(1);
    }
    expect(lossSteps(B), how).toEqual(steps(STEPS));
    const needed = ['attempt.json', 'reports.ndjson'].map((name) => join(A, name));
    if (!needed.some((name) => file.endsWith(name))) expect(lossSteps(A), how).toEqual(steps(STEPS));
    expect(attemptFolders(), how).toEqual([]);
    // Without all its reports, the server would fail a run that succeeded.
    const isHarmless =
      (file.endsWith('ndjson') && how === 'empty') || (file.endsWith('checkpoints.json') && how === 'missing');
    const succeeds = !file.includes(DONE) || isHarmless;
    expect(server.finished, how).toEqual(succeeds ? [{ outcome: 'SUCCEEDED', message: null }] : []);
    if (existsSync(file)) chmodSync(file, 0o700);
  }
});

test('reports up to the damage are delivered, and what can be sent is sent without a damaged image', async () => {
  const file = join(home, 'attempts', A, 'reports.ndjson');
  const whole = readFileSync(file, 'utf8').trimEnd().split('\n').length;
  writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(4096)]));
  await startAgent(true);
  expect(lossSteps(A)).toEqual(steps(STEPS));
  expect(warnings()[0]).toContain(`after ${whole} reports, its last 4096 bytes are NUL bytes`);
  recreate();
  const image = blobOf(A, 'image');
  writeFileSync(join(home, image), '');
  await startAgent(true);
  expectSamples(STEPS - 1);
  recreate();
  rmSync(join(home, blobOf(A, 'image')));
  await startAgent(true);
  expectSamples(STEPS - 1);
});

/** What arrived of attempt A: some samples, with their images, and the checkpoint. */
function expectSamples(count: number): void {
  const samples = server.reports.filter(({ attemptId }) => attemptId === A).flatMap((report) => report.samples ?? []);
  expect(samples).toHaveLength(count);
  expect(samples.every(({ sha256 }) => server.blobs.has(sha256))).toBe(true);
  expect(server.reports.filter(({ attemptId, checkpoint }) => attemptId === A && checkpoint)).toHaveLength(1);
}

test.each(['attempts', 'checked', 'damaged', 'lock'])(
  'a file in place of the folder %s does not stop the agent',
  async (name) => {
    rmSync(join(home, name), { recursive: true, force: true });
    writeFileSync(join(home, name), 'x');
    expect(await startAgent(true)).toBe(EXIT.nothingToDo);
    server.queue.push({ steps: 2 });
    expect(await startAgent(true)).toBe(EXIT.done);
  },
);

test('a damaged runner.json ends the agent with one line that says what to do', async () => {
  for (const [how, damage] of Object.entries(DAMAGES)) {
    recreate();
    damage(join(home, 'runner.json'));
    const error = await startAgent(true).catch((thrown: Error) => thrown);
    expect(error, how).toBeInstanceOf(UserError);
    expect((error as Error).message, how).toMatch(
      /^[^\n]*runner\.json (is damaged|does not exist)[^\n]* register [^\n]*$/,
    );
    expect(server.operations, how).toEqual([]);
    rmSync(join(home, 'runner.json'), { recursive: true, force: true });
  }
});

test('what was set aside is bounded in number and size', async () => {
  const limits = { files: 3, bytes: 100 };
  const names = ['a', 'b', 'c', 'd'];
  for (const name of names) {
    writeFileSync(join(home, name), 'x'.repeat(10));
    await setAside(home, join(home, name), `${name} is damaged`, (line) => lines.push(line), limits);
  }
  const kept = () => readdirSync(join(home, 'damaged')).map((name) => name.at(-1));
  expect(kept()).toEqual(['b', 'c', 'd']);
  writeFileSync(join(home, 'e'), 'x'.repeat(85));
  await setAside(home, join(home, 'e'), 'e is damaged', (line) => lines.push(line), limits);
  expect(kept()).toEqual(['d', 'e']);
  writeFileSync(join(home, 'f'), 'x'.repeat(101));
  await setAside(home, join(home, 'f'), 'f is damaged', (line) => lines.push(line), limits);
  expect(kept()).toEqual([]);
  expect(warnings().at(-1)).toBe('f is damaged; deleted, because it is too large to keep');
});
