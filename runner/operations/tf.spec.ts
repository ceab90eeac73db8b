import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const IMPORTS_TENSORFLOW = /(?:from|import|require|import\()\s*\(?['"]@tensorflow\//;

it('is the only module that imports TensorFlow.js', () => {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const modules = listed
    .toString()
    .split('\n')
    .filter((file) => /\.(tsx?|m?js)$/.test(file) && existsSync(join(root, file)));
  expect(modules.length).toBeGreaterThan(500);
  const importers = modules.filter((file) => IMPORTS_TENSORFLOW.test(readFileSync(join(root, file), 'utf8')));
  expect(importers).toEqual(['runner/operations/tf.ts']);
});
