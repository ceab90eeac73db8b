import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { compiledFile } from '../runner/compiled/compiled-file.js';

const SCRIPT = compiledFile('./data.js', import.meta.url);

it.each([
  ['--steps', '0'],
  ['--step-ms', 'x'],
])('the data bench rejects %s %s, which would measure nothing', { timeout: 120_000 }, async (option, value) => {
  const refused = promisify(execFile)(process.execPath, [SCRIPT, option, value]);
  await expect(refused).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`argument '${value}' is invalid. must be a whole number of at least 1.`),
  });
});
