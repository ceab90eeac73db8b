import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { compiledFile } from '../compiled/compiled-file.js';
import { HomeLock } from './home-lock.js';
import { LockFiles } from './lock-files.js';

const REFRESH_MS = 50;
const STALE_MS = 400;

let home: string;
let lines: string[];
let children: ChildProcess[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'crosscheck-lock-'));
  lines = [];
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(home, { recursive: true });
});

const take = (path = home, options = {}): Promise<HomeLock> =>
  HomeLock.take(path, { log: (line) => void lines.push(line), onLost: () => {}, refreshMs: REFRESH_MS, ...options });
/** For tests that wait for a stale lock. Elsewhere, a slow machine must not make a lock stale. */
const hasty = { staleMs: STALE_MS };

/** Starts a process that takes the lock, and then touches a file as often as it can. */
async function holder(staleMs = 60_000): Promise<{ child: ChildProcess; said: () => string }> {
  const module = pathToFileURL(compiledFile('./home-lock.js', import.meta.url)).href;
  const script = `
    import { appendFileSync } from 'node:fs';
    import { HomeLock } from '${module}';
    const onLost = (message) => { console.log(message); process.exit(7); };
    const options = { log: () => {}, onLost, refreshMs: ${REFRESH_MS}, staleMs: ${staleMs} };
    const lock = await HomeLock.take(process.argv[1], options).catch((error) => error);
    console.log(lock instanceof Error ? lock.message : 'held');
    if (!(lock instanceof Error)) setInterval(() => { lock.assertHeld(); appendFileSync(process.argv[1] + '/touched', '.'); }, 1);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, home], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  let output = '';
  child.stdout!.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  await once(child.stdout!, 'data');
  return { child, said: () => output };
}

async function killed(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

test('a second agent is refused until the first has released the home, by whatever path', async () => {
  const link = `${home}-link`;
  symlinkSync(home, link);
  try {
    const lock = await take();
    await expect(take()).rejects.toThrow(`another runner (process ${process.pid} on`);
    await expect(take(link)).rejects.toThrow(/is already using/);
    lock.release();
    (await take(link)).release();
    expect(lines).toEqual([]);
  } finally {
    rmSync(link);
  }
});

test('the lock of a process that was killed is free at once, and of all who want it, one gets it', async () => {
  const { child } = await holder();
  await expect(take()).rejects.toThrow(`process ${child.pid} on`);
  await killed(child);
  const taken = await Promise.allSettled(Array.from({ length: 20 }, () => take()));
  const locks = taken.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  expect(locks).toHaveLength(1);
  locks[0]!.release();
  const processes = await Promise.all([holder(), holder(), holder()]);
  expect(processes.filter(({ said }) => said().startsWith('held'))).toHaveLength(1);
  expect(lines).toEqual([]);
});

test('a process that was frozen ends before it touches anything, if another has taken over', async () => {
  const { child, said } = await holder(STALE_MS);
  await vi.waitFor(() => expect(readFileSync(join(home, 'touched'), 'utf8')).not.toBe(''), { timeout: 20_000 });
  const exited = once(child, 'exit');
  child.kill('SIGSTOP');
  await expect(take()).rejects.toThrow(/is already using/);
  const lock = await vi.waitFor(() => take(home, hasty), { timeout: 20_000, interval: 50 });
  const touched = readFileSync(join(home, 'touched'), 'utf8');
  child.kill('SIGCONT');
  expect(await exited).toEqual([7, null]);
  expect(said()).toMatch(/another runner has taken .+ over while this process did not run for \d+ s/);
  // It may have been frozen between the check and the one write that the check was for.
  expect(readFileSync(join(home, 'touched')).length - touched.length).toBeLessThanOrEqual(1);
  lock.assertHeld();
  lock.release();
});

test('a process that was frozen continues if nobody has taken over, and then nobody can', async () => {
  const lock = await take();
  const later = performance.now() + 120_000;
  const steady = vi.spyOn(performance, 'now').mockImplementation(() => later);
  lock.assertHeld();
  steady.mockRestore();
  expect(new LockFiles(join(home, 'lock')).createAfter(1)).toBe(false);
  await expect(take()).rejects.toThrow(/is already using/);
  lock.release();
});

test('a copy of a home is not locked for longer than its lock takes to become stale', async () => {
  const lock = await take();
  const copy = join(home, 'copy');
  cpSync(join(home, 'lock'), join(copy, 'lock'), { recursive: true });
  (await take(copy, hasty)).release();
  expect(lines).toEqual([expect.stringContaining(`(process ${process.pid} on`)]);
  lock.release();
});

/** The lock of an agent in another container, whose processes cannot be seen. */
function foreignLock(): LockFiles {
  const files = new LockFiles(join(home, 'lock'));
  Object.assign(files.me, { pidNamespace: 'pid:[1]', pid: 1, host: 'container' });
  expect(files.createAfter(files.newest())).toBe(true);
  return files;
}

test('for an agent that cannot be seen, the next one waits, and says for how long', async () => {
  foreignLock();
  (await take(home, hasty)).release();
  expect(lines).toEqual([
    `another runner (process 1 on container) may still be using ${home}; waiting for at most 1 s`,
  ]);
});

test('an agent that cannot be seen and is alive is not disturbed', async () => {
  const files = foreignLock();
  const timer = setInterval(() => files.refresh(1), REFRESH_MS);
  await expect(take()).rejects.toThrow('another runner (process 1 on container) is already using');
  clearInterval(timer);
  expect(files.refresh(1)).toBe(true);
});

test.each([
  ['empty', (path: string) => writeFileSync(path, '')],
  ['garbage', (path: string) => writeFileSync(path, 'x'.repeat(300))],
  ['a folder', (path: string) => mkdirSync(path)],
])('a lock file that is %s counts as one whose holder is unknown', async (_, write) => {
  mkdirSync(join(home, 'lock'));
  write(join(home, 'lock', '3'));
  const lock = await take(home, hasty);
  expect(lines).toEqual([`another runner may still be using ${home}; waiting for at most 1 s`]);
  expect(readdirSync(join(home, 'lock'))).toEqual(['4']);
  lock.release();
});
