import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockHome } from './home-lock.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'crosscheck-lock-'));
});
afterEach(() => rmSync(home, { recursive: true }));

test('a second agent is refused until the first has released the home', async () => {
  const release = await lockHome(home);
  await expect(lockHome(home)).rejects.toThrow(/is already using/);
  release();
  (await lockHome(home))();
});

test('locks of different homes are independent', async () => {
  const one = await lockHome(join(home, 'one'));
  const two = await lockHome(join(home, 'two'));
  one();
  two();
});

test('the lock of a killed agent is released', async () => {
  const release = await lockHome(home);
  release();
  const holder = await holdInProcess();
  await expect(lockHome(home)).rejects.toThrow(/is already using/);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  (await lockHome(home))();
});

/** Starts another process that holds the lock of this home. */
async function holdInProcess(): Promise<ChildProcess> {
  const script = `
    const { createHash } = require('node:crypto');
    const name = createHash('sha256').update(process.argv[1]).digest('hex').slice(0, 16);
    require('node:net').createServer((s) => s.destroy())
      .listen(require('node:path').join(require('node:os').tmpdir(), 'crosscheck-runner-' + name + '.sock'), () => console.log('held'));`;
  const holder = spawn(process.execPath, ['-e', script, home], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout!, 'data');
  return holder;
}
