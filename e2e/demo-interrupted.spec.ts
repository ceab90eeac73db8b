import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { freePort } from './support/laboratory.js';
import { Program, until } from './support/program.js';

const folder = mkdtempSync(join(tmpdir(), 'crosscheck-interrupted-'));
/** Where the demo's own folder is made; a new one for each test. */
let temporary: string;

beforeEach(() => {
  temporary = mkdtempSync(join(folder, 'tmp-'));
  // PostgreSQL runs as another user when this is root.
  for (const path of [folder, temporary]) chmodSync(path, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** On a port of its own: demos of other tests start at the same time. */
async function demo(...args: string[]): Promise<Program> {
  const port = ['--port', String(await freePort())];
  return new Program('demo/main.js', ['--exit', ...port, ...args], { TMPDIR: temporary });
}

/** Somebody who presses Ctrl-C and, as it has not ended yet, again. */
async function interrupt(program: Program): Promise<void> {
  process.kill(program.pid, 'SIGINT');
  await until('the demo to stop', 120, () => program.output.includes('Stopping …') || !program.isRunning);
  if (program.isRunning) process.kill(program.pid, 'SIGINT');
}

test.each([
  ['the server starts', 'Starting PostgreSQL'],
  ['the runner registers and starts', 'Dashboard: '],
  ['a run is trained', 'Training on '],
])('Ctrl-C while %s ends everything, a second one does no harm, and nothing is left behind', async (_, moment) => {
  const program = await demo();
  await until(moment, 120, () => program.output.includes(moment));
  await interrupt(program);
  expect(await program.ended(), program.output).toBe(1);
  expect(program.output).toContain('Stopping …');
  const dashboard = /Dashboard: (\S+)/.exec(program.output)?.[1];
  if (dashboard) await expect(fetch(`${dashboard}/healthz`)).rejects.toThrow();
  expect(readdirSync(temporary)).toEqual([]);
});

test('the demo ends when nobody reads any more what it prints', async () => {
  const program = await demo();
  await until('Starting PostgreSQL', 120, () => program.output.includes('Starting PostgreSQL'));
  program.stopReading();
  expect(await program.ended(), program.output).toBe(1);
  expect(program.output).toContain('Stopping …');
  expect(readdirSync(temporary)).toEqual([]);
});

test('what failed keeps its folder and says where it is', async () => {
  const empty = join(folder, 'no-dataset');
  mkdirSync(empty);
  const program = await demo('--data', empty);
  expect(await program.ended(), program.output).toBe(1);
  const kept = readdirSync(temporary).map((name) => join(temporary, name));
  expect(kept).toHaveLength(1);
  expect(program.output).toContain(`Database and logs are kept in ${kept[0]}\n`);
  expect(readdirSync(kept[0]!)).toContain('registration.log');
});
