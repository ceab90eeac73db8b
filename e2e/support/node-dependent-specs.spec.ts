import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dependsOnNode, nodeDependentSpecs, specDependsOnNode } from './node-dependent-specs.js';

it.each([
  ["import { Worker } from 'node:worker_threads';", true],
  ["import { pipeline } from 'node:stream/promises';", true],
  ["import {\n  createServer,\n  type Server,\n} from 'node:http';", true],
  ["import sharp from 'sharp';", true],
  ["const { create } = await import('webgpu');", true],
  ['const response = await fetch(url);', true],
  ['Atomics.wait(counts, 0, 0);', true],
  ["import type { IncomingMessage } from 'node:http';", false],
  ["import type {\n  IncomingMessage,\n} from 'node:http';", false],
  ["import { join } from 'node:path';", false],
  ["import { readFileSync } from 'node:fs';\nimport { createHash } from 'node:crypto';", false],
  ["import { network } from './network.js';\nnetwork.prefetch(1);", false],
])('%j depends on Node: %s', (source, expected) => {
  expect(dependsOnNode(source)).toBe(expected);
});

it.each([
  ["import sharp from 'sharp';\nawait sharp(pixels).png().toFile(file);", false],
  ["import { spawnSync } from 'node:child_process';\nspawnSync(PYTHON, [script]);", false],
  ["import { spawnSync } from 'node:child_process';\nspawnSync(process.execPath, [script]);", true],
  ["import sharp from 'sharp';\nimport { createServer } from 'node:http';", true],
])('the spec %j depends on Node: %s', (source, expected) => {
  expect(specDependsOnNode(source)).toBe(expected);
});

it('chooses specs because of what they use, of what they test, and of the engine that they start', () => {
  const chosen = nodeDependentSpecs(join(import.meta.dirname, '../..'));
  expect(chosen).toEqual(
    expect.arrayContaining([
      'runner/train-process.spec.ts',
      'server/websocket.spec.ts',
      'server/database/embedded-postgres.spec.ts',
      'runner/data/images/png.spec.ts',
      'runner/engines/wasm/memory.spec.ts',
      'runner/training/branches/engine.spec.ts',
    ]),
  );
  const others = ['runner/training/methods/losses.spec.ts', 'runner/networks/pretrained/public-files.spec.ts'];
  expect(chosen.filter((spec) => others.includes(spec))).toEqual([]);
  expect(chosen.filter((spec) => /^(e2e|fuzz)\//.test(spec))).toEqual([]);
});
