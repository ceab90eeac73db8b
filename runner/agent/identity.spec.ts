import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UserError } from '../../schema/exit-codes.js';
import {
  identityFile,
  type RunnerIdentity,
  readIdentity,
  readIdentityIfAny,
  refuseExisting,
  writeIdentity,
} from './identity.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'crosscheck-identity-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const identity: RunnerIdentity = {
  server: 'http://localhost:4000/graphql',
  runnerId: '1',
  token: 'secret',
  name: 'a',
  pool: 'default',
  engine: 'wasm',
  device: 'cpu',
  slots: [
    { kernels: 'simd', adapter: '0' },
    { kernels: 'simd', adapter: '1' },
  ],
  data: [{ name: 'shapes', kind: 'shapes', directory: null }],
};

test('an identity is read back as it was written, and only its owner can read it', async () => {
  writeFileSync(identityFile(home), 'old', { mode: 0o644 });
  await writeIdentity(home, identity);
  expect(readIdentity(home)).toEqual(identity);
  expect(statSync(identityFile(home)).mode & 0o777).toBe(0o600);
});

test('an identity without kernels and adapter, from an older version, is still valid', () => {
  const { slots: _, ...old } = identity;
  writeFileSync(identityFile(home), JSON.stringify(old));
  expect(readIdentity(home)).toEqual({ ...old, slots: [{ kernels: 'auto', adapter: null }] });
});

test('what runs may read is optional, and is read back', async () => {
  const allowed = { ...identity, weights: ['/data/weights'], allowHost: ['example.org'] };
  await writeIdentity(home, allowed);
  expect(readIdentityIfAny(home)).toEqual(allowed);
  expect(readIdentityIfAny(join(home, 'nobody'))).toBeNull();
});

test('a home that already belongs to a runner is not overwritten', async () => {
  expect(() => refuseExisting(home)).not.toThrow();
  await writeIdentity(home, identity);
  expect(() => refuseExisting(home)).toThrow(/--force/);
});

test('the error for a missing or invalid identity says what to do', () => {
  expect(() => readIdentity(home)).toThrow(/register --server/);
  for (const content of ['{"server": 3}', 'nonsense', '', '\0\0', 'null', '[]']) {
    writeFileSync(identityFile(home), content);
    expect(() => readIdentity(home)).toThrow(UserError);
    expect(() => readIdentity(home)).toThrow(/^[^\n]*runner.json is damaged: .+ restore it .+ register .+ --force$/);
  }
});
