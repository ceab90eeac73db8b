import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** A checkout with one project, which the checkout's copy of the compiled `dev` builds. */
let checkout: string;
let build: typeof import('./build.js');
let tasks: typeof import('./tasks.js');
let building: Promise<unknown> | undefined;

const inCheckout = (path: string) => join(checkout, path);
const write = (path: string, text: string) => writeFileSync(inCheckout(path), text);

beforeEach(async () => {
  checkout = mkdtempSync(join(tmpdir(), 'crosscheck-build-'));
  for (const folder of ['code', 'dist/code']) mkdirSync(inCheckout(folder), { recursive: true });
  for (const path of ['package.json', 'tsconfig.base.json', 'dev', 'dist/dev', 'dist/processes'])
    cpSync(join(root, path), inCheckout(path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), inCheckout('node_modules'));
  write('tsconfig.json', JSON.stringify({ files: [], references: [{ path: 'code' }] }));
  const compilerOptions = { tsBuildInfoFile: '../dist/code/.tsbuildinfo' };
  write('code/tsconfig.json', JSON.stringify({ extends: '../tsconfig.base.json', compilerOptions }));
  const load = (name: string) => import(pathToFileURL(inCheckout(`dist/dev/${name}`)).href);
  [build, tasks] = await Promise.all([load('build.js'), load('tasks.js')]);
});

afterEach(async () => {
  // After a failure, the compiler may still be waiting at a pipe.
  tasks?.stopTasks();
  await building;
  rmSync(checkout, { recursive: true });
});

/** Reads from a pipe until the compiler closes it. */
async function readPipe(path: string): Promise<string> {
  // A separate program, because it can be killed if nobody ever writes to the pipe.
  const { stdout } = await promisify(execFile)('cat', [path], { timeout: 60_000 });
  return stdout;
}

it('compiles an edit that was saved between reading the source and writing the build information', async () => {
  const [javascript, declarations, buildInformation] = ['value.js', 'value.d.ts', '.tsbuildinfo'].map((name) =>
    inCheckout(`dist/code/${name}`),
  ) as [string, string, string];
  write('code/value.ts', "export const value = 'first';\n");
  // The compiler writes the JavaScript, the declarations and the build information, in this order.
  // It waits at each pipe until the test reads it.
  execFileSync('mkfifo', [javascript, declarations]);
  building = build.buildCode();
  expect(await readPipe(javascript)).toContain("'first'");
  write('code/value.ts', "export const value = 'second';\n");
  expect(existsSync(buildInformation)).toBe(false);
  expect(await readPipe(declarations)).toContain('"first"');
  expect(await building).toEqual({ ok: true, emitted: ['code/value.js'] });
  expect(existsSync(buildInformation)).toBe(true);

  for (const pipe of [javascript, declarations]) rmSync(pipe);
  expect(await build.buildCode()).toEqual({ ok: true, emitted: ['code/value.js'] });
  expect(readFileSync(javascript, 'utf8')).toContain("'second'");
  // Now it is up to date.
  expect(await build.buildCode()).toEqual({ ok: true, emitted: [] });
});
