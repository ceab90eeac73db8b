import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

test('the generated documents are what `npm run schema` would write', () => {
  const codegen = join(root, 'node_modules/.bin/graphql-codegen');
  const check = (): string =>
    execFileSync(codegen, ['--config', 'schema/codegen.ts', '--check'], { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  expect(check, 'stale files in schema/generated: run `npm run schema` and commit what it writes').not.toThrow();
}, 60_000);
