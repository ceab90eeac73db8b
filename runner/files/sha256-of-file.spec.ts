import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { sha256OfFile } from './sha256-of-file.js';

const folder = mkdtempSync(join(tmpdir(), 'crosscheck-sha256-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('hashes a file that is read in several chunks', async () => {
  const bytes = randomBytes(300_000);
  writeFileSync(join(folder, 'file'), bytes);
  expect(await sha256OfFile(join(folder, 'file'))).toBe(createHash('sha256').update(bytes).digest('hex'));
});

it('rejects when there is no such file', async () => {
  await expect(sha256OfFile(join(folder, 'missing'))).rejects.toThrow('ENOENT');
});
