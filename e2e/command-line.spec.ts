import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestStack } from './support/test-stack.js';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'crosscheck-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command as a shell would. */
function crosscheck(args: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(join(root, 'cli/crosscheck.mjs'), args, {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

describe('the command', () => {
  test('is a program of the package, which says how to build it if it is not built', () => {
    expect(crosscheck(['--version'])).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: '' });
    const clone = join(folder, 'clone');
    mkdirSync(join(clone, 'cli'), { recursive: true });
    cpSync(join(root, 'cli/crosscheck.mjs'), join(clone, 'cli/crosscheck.mjs'));
    const { status, stderr } = spawnSync(join(clone, 'cli/crosscheck.mjs'), { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'error: crosscheck is not built yet; run "npm ci && npm run build" in its folder\n',
    });
  });

  test('runs the bundle, unless something was compiled or installed after it was made', () => {
    const clone = join(folder, 'bundled');
    const write = (path: string, text: string, seconds: number) => {
      mkdirSync(dirname(join(clone, path)), { recursive: true });
      writeFileSync(join(clone, path), text);
      utimesSync(join(clone, path), seconds, seconds);
    };
    const run = () => execFileSync(process.execPath, [join(clone, 'cli/crosscheck.mjs')], { encoding: 'utf8' }).trim();
    mkdirSync(join(clone, 'cli'), { recursive: true });
    cpSync(join(root, 'cli/crosscheck.mjs'), join(clone, 'cli/crosscheck.mjs'));
    write('dist/cli/main.js', "console.log('compiled')", 1000);
    write('dist/server/.tsbuildinfo', '', 1000);
    write('package-lock.json', '', 1000);
    expect(run()).toBe('compiled');
    write('dist/bundle/main.js', "console.log('bundled')", 1001);
    write('dist/bundle/inputs.json', '["package-lock.json", "dist/server/.tsbuildinfo"]', 1001);
    expect(run()).toBe('bundled');
    write('dist/server/.tsbuildinfo', '', 1002);
    expect(run()).toBe('compiled');
    write('dist/server/.tsbuildinfo', '', 1000);
    write('package-lock.json', '', 1002);
    expect(run()).toBe('compiled');
  });

  test('runs the bundle in this checkout, so that these tests start what users start', () => {
    const list = join(root, 'dist/bundle/inputs.json');
    const inputs = JSON.parse(readFileSync(list, 'utf8')) as string[];
    expect(inputs.length).toBeGreaterThan(10);
    const changed = (path: string) => statSync(join(root, path)).mtimeMs;
    expect(inputs.filter((path) => changed(path) > statSync(list).mtimeMs)).toEqual([]);
  });

  test('is what `npx crosscheck` runs in a clone, without a registry', () => {
    const nowhere = { npm_config_registry: 'http://127.0.0.1:1/', npm_config_cache: join(folder, 'npm') };
    const env = { ...process.env, ...nowhere, npm_config_fetch_retries: '0', npm_config_update_notifier: 'false' };
    const out = execFileSync('npx', ['crosscheck', 'run', '--help'], { cwd: root, env, encoding: 'utf8' });
    expect(out).toMatch(/^Usage: crosscheck run /);
  });

  test.each([
    ['server', []],
    ['token', ['--kind', 'user', '--label', 'x']],
  ])('%s rejects an invalid setting and an unavailable database, each in one line', (command, options) => {
    expect(crosscheck([command, ...options], { LEASE_SECONDS: 'x' })).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(/^error: LEASE_SECONDS: "x" is not valid: .+\n$/),
    });
    expect(crosscheck([command, ...options], { DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/none' })).toEqual({
      code: 4,
      out: '',
      err: 'error: the database in DATABASE_URL (127.0.0.1:1) is unavailable: connect ECONNREFUSED 127.0.0.1:1\n',
    });
  });
});

describe('on a server that requires tokens', () => {
  const stack = new TestStack({ AUTH: 'on' });
  beforeAll(async () => {
    await stack.startServer();
  }, 120_000);
  afterAll(() => stack.close());

  test('a token created on its machine gives access', () => {
    const where = { CROSSCHECK_SERVER: stack.url, CROSSCHECK_USER_TOKEN: '' };
    expect(crosscheck(['run', 'list'], where)).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(/^error: runs needs a user token: .*--token or CROSSCHECK_USER_TOKEN\n$/),
    });
    const database = { DATABASE_URL: '', DATA_DIR: join(stack.folder, 'server') };
    const made = crosscheck(['token', '--kind', 'user', '--label', 'ada', '--json'], database);
    expect(made).toMatchObject({ code: 0, err: '' });
    const { token, ...rest } = JSON.parse(made.out);
    expect(rest).toEqual({
      ...{ id: expect.any(String), kind: 'user', label: 'ada', expiresAt: null },
      ...{ account: 'ada', role: 'MEMBER' },
    });
    expect(crosscheck(['run', 'list', '--json'], { ...where, CROSSCHECK_USER_TOKEN: token })).toEqual({
      code: 0,
      out: '[]\n',
      err: '',
    });
    const blank = crosscheck(['token', '--kind', 'user', '--label', ' '], database);
    expect(blank).toEqual({ code: 2, out: '', err: 'error: label: must have 1 to 128 characters; got " "\n' });
  });

  test('a second server on its port exits with one line', () => {
    const { code, err } = crosscheck(['server'], {
      HOST: '127.0.0.1',
      PORT: new URL(stack.url).port,
      DATA_DIR: join(folder, 'other'),
      LOG_LEVEL: 'error',
    });
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringMatching(
        /^error: cannot listen on 127\.0\.0\.1:\d+ \(EADDRINUSE\); choose another HOST or PORT\n$/,
      ),
    });
  });
});
