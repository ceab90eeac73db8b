import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Program, ProgramFailed } from './program.js';

const folder = mkdtempSync(join(tmpdir(), 'crosscheck-program-'));
afterAll(() => rmSync(folder, { recursive: true }));

function start(script: string, logFile?: string): Program {
  return new Program({ name: 'example', command: [process.execPath, '-e', script], logFile });
}

it('keeps what the program prints, and appends it to a log file', async () => {
  const logFile = join(folder, 'example.log');
  for (const word of ['first', 'second']) {
    const program = start(`console.log("${word}"); process.exitCode = 3`, logFile);
    expect(await program.ended()).toBe(3);
    expect(program.output).toBe(`${word}\n`);
  }
  await expect.poll(() => readFileSync(logFile, 'utf8')).toBe('first\nsecond\n');
});

it('waits for a text, even if it was already printed or arrives in pieces', async () => {
  const program = start(
    'process.stdout.write("re"); setTimeout(() => console.log("ady"), 100); setInterval(() => {}, 1000)',
  );
  await program.printed('ready', 60);
  await program.printed('ready', 60);
  expect(await program.kill()).toBe('SIGKILL');
});

it('does not wait for a program that has ended, and reports what it printed last', async () => {
  const program = start('console.error("error: the disk is full"); process.exitCode = 2');
  const failed = await program.printed('ready', 60).catch((error: Error) => error);
  expect(failed).toBeInstanceOf(ProgramFailed);
  expect(failed).toMatchObject({
    message: 'the example stopped unexpectedly (exit code 2): the disk is full',
    ending: 2,
  });
  await expect(program.finished()).rejects.toThrow('the example failed (exit code 2): the disk is full');
  await expect(program.assertRunning()).rejects.toThrow('stopped unexpectedly');
});

it('reports what it was waiting for when it times out', async () => {
  const program = start('setInterval(() => {}, 1000)');
  await expect(program.printed('ready', 0.1)).rejects.toThrow(
    'timed out after 0.1 s waiting for the example to print "ready"',
  );
  await program.assertRunning();
  await program.kill();
});

it('stops a program, and kills one that does not stop in time', async () => {
  const polite = start('process.on("SIGTERM", () => process.exit(0)); console.log("up"); setInterval(() => {}, 1000)');
  await polite.printed('up', 60);
  expect(await polite.stop(60)).toBe(0);
  const stubborn = start('process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)');
  await stubborn.printed('up', 60);
  let killed = false;
  const ending = await stubborn.stop(0.1, () => {
    killed = true;
  });
  expect([ending, killed, stubborn.isRunning]).toEqual(['SIGKILL', true, false]);
});
