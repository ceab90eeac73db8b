import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compiledFile } from '../runner/compiled/compiled-file.js';
import { EXIT } from '../schema/exit-codes.js';
import { registrationToken } from './registration-token.js';
import { crosscheck } from './testing/crosscheck.js';

const folder = mkdtempSync(join(tmpdir(), 'crosscheck-token-'));
const file = join(folder, 'token');
writeFileSync(file, 'from the file\n');
writeFileSync(join(folder, 'empty'), ' \n');
afterAll(() => rmSync(folder, { recursive: true }));

const environment = { CROSSCHECK_REGISTRATION_TOKEN: 'from the environment' };

describe('a registration token', () => {
  it('is taken from an option, then from a file, then from the environment', () => {
    expect(registrationToken({ token: 'from the option' }, environment)).toBe('from the option');
    expect(registrationToken({ tokenFile: file }, environment)).toBe('from the file');
    expect(registrationToken({}, environment)).toBe('from the environment');
  });

  it('can be piped in', () => {
    const module = JSON.stringify(compiledFile('./registration-token.js', import.meta.url));
    const script = `const { registrationToken } = await import(${module});
      console.log(registrationToken({ tokenFile: '-' }));`;
    const args = ['--input-type=module', '--eval', script];
    expect(execFileSync(process.execPath, args, { input: 'piped\n', encoding: 'utf8' })).toBe('piped\n');
  });

  it.each([
    [[], /^error: a registration token is needed: set CROSSCHECK_REGISTRATION_TOKEN, or give --token-file FILE/],
    [['--token-file', join(folder, 'empty')], /^error: --token-file .*: is empty$/],
    [['--token-file', join(folder, 'none')], /^error: --token-file .*: cannot be read: ENOENT/],
    [['--token-file', file, '--token', 't'], /^error: give either --token or --token-file, not both$/],
  ])('that is missing is an error: %j', async (options, message) => {
    const result = await crosscheck('runner', 'register', '--server', 'http://127.0.0.1:1', ...options);
    expect(result).toEqual({ code: EXIT.refused, out: [], err: [expect.stringMatching(message)] });
  });
});
