import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { freePort } from '../processes/free-port.js';
import type { Ending, Program } from '../processes/program.js';
import { until } from '../processes/until.js';
import { startCrosscheck } from './support/crosscheck.js';

const folder = mkdtempSync(join(tmpdir(), 'crosscheck-interrupted-'));
/** Where the demo creates its folder; a new one for each test. */
let temporary: string;

beforeEach(() => {
  temporary = mkdtempSync(join(folder, 'tmp-'));
  // If this is root, PostgreSQL runs as another user, who needs access.
  for (const path of [folder, temporary]) chmodSync(path, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** On its own port, because demos of other tests start at the same time. */
async function demo(...args: string[]): Promise<Program> {
  const port = ['--port', String(await freePort())];
  return startCrosscheck(['demo', '--exit', ...port, ...args], { TMPDIR: temporary });
}

/** Presses Ctrl-C and, if the program is still running, presses it again. */
async function interrupt(program: Program): Promise<void> {
  process.kill(program.pid, 'SIGINT');
  await until('the demo to stop', 120, () => program.output.includes('Stopping …') || !program.isRunning);
  if (program.isRunning) process.kill(program.pid, 'SIGINT');
}

/**
 * The exit code that a shell reports. Shortly before Node exits, it restores the default action of signals, so the second
 * Ctrl-C may end a demo that has stopped everything.
 */
const shellCode = (ending: Ending) => (typeof ending === 'number' ? ending : 128 + constants.signals[ending]);

const dashboardOf = (program: Program) => /Dashboard: (\S+)/.exec(program.output)?.[1];

async function expectNoServer(program: Program): Promise<void> {
  const dashboard = dashboardOf(program);
  if (dashboard) await expect(fetch(`${dashboard}/healthz`)).rejects.toThrow();
}

test.each([
  ['the server starts', 'Starting PostgreSQL'],
  ['the runner registers and starts', 'Dashboard: '],
])('Ctrl-C while %s ends everything, a second one does no harm, and nothing is left behind', async (_, moment) => {
  const program = await demo();
  await until(moment, 120, () => program.output.includes(moment));
  await interrupt(program);
  expect(shellCode(await program.ended()), program.output).toBe(130);
  expect(program.output).toContain('Stopping …');
  await expectNoServer(program);
  expect(readdirSync(temporary)).toEqual([]);
});

test('the demo ends when nobody reads its output any more', async () => {
  const program = await demo();
  await until('Starting PostgreSQL', 120, () => program.output.includes('Starting PostgreSQL'));
  program.stopReading();
  expect(await program.ended(), program.output).toBe(130);
  expect(program.output).toContain('Stopping …');
  expect(readdirSync(temporary)).toEqual([]);
});

test('the demo shows why its registration failed, keeps its folder and prints its path', async () => {
  const damaged = join(folder, 'damaged');
  mkdirSync(damaged);
  writeFileSync(join(damaged, 'classes.json'), '{');
  const program = await demo('--data', damaged);
  expect(await program.ended(), program.output).toBe(2);
  const kept = readdirSync(temporary).map((name) => join(temporary, name));
  expect(kept).toHaveLength(1);
  expect(program.output).toContain(`Database and logs are kept in ${kept[0]}\n`);
  expect(program.output).toContain(
    `error: the registration failed (exit code 2): dataset "damaged" cannot be used:\n${damaged}/classes.json: is not JSON`,
  );
  expect(program.output).toContain(`Full output: ${join(kept[0]!, 'registration.log')}\n`);
  expect(readdirSync(kept[0]!)).toContain('registration.log');
});

test('the demo shows why its server did not start', async () => {
  const home = join(temporary, 'home');
  // A file in place of the server's data folder.
  mkdirSync(home);
  writeFileSync(join(home, 'server'), '');
  const program = await demo('--home', home);
  expect(await program.ended(), program.output).toBe(1);
  expect(program.output).toMatch(/^error: the server stopped unexpectedly \(exit code 1\): .*(ENOTDIR|EEXIST)/m);
});

test('an interrupted demo with a home resumes its study with the same runner, on any port, and prints its table', async () => {
  const home = join(temporary, 'home');
  const first = await demo('--home', home, '--iterations', '2');
  await until('a run to be trained', 120, () => /(running|images\/s)$/m.test(first.output));
  await interrupt(first);
  expect(shellCode(await first.ended()), first.output).toBe(130);
  await expectNoServer(first);
  expect(readdirSync(temporary)).toEqual(['home']);
  expect(first.output).toContain(`Everything is kept in ${home}: run the same command again to resume.\n`);

  // No matter what the environment says, it uses its own database and requires no tokens.
  const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', AUTH: 'on' };
  const port = ['--port', String(await freePort())];
  const second = startCrosscheck(['demo', '--home', home, '--iterations', '2', ...port], env);
  await second.printed('Press Ctrl-C to stop.', 240);
  expect(second.output).toContain('Resuming the study on ');
  expect(second.output).toMatch(/IoU on test, %\s+Supervised\s+CPS\s+CPS \+ CutMix/);
  for (const row of ['mIoU', 'background', 'star'])
    expect(second.output).toMatch(new RegExp(`^${row}(\\s+\\d+\\.\\d){3}`, 'm'));
  const query = '{ runners { name state } studies { totalCount } runs { totalCount } }';
  const response = await fetch(`${dashboardOf(second)}/graphql?query=${encodeURIComponent(query)}`, {
    headers: { 'apollo-require-preflight': 'true' },
  });
  expect(await response.json()).toEqual({
    data: { runners: [{ name: 'this machine', state: 'ONLINE' }], studies: { totalCount: 1 }, runs: { totalCount: 3 } },
  });
  process.kill(second.pid, 'SIGINT');
  expect(await second.ended(), second.output).toBe(0);
});
