import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { workingCopy } from './support/working-copy.js';

let copy: string;
beforeAll(async () => {
  copy = await workingCopy();
});
afterAll(() => rm(copy, { recursive: true }));

/** Runs one spec in the copy, as a person would after an edit: without building anything first. */
async function runSpec(path: string): Promise<{ exitCode: number; output: string }> {
  const vitest = spawn(process.execPath, [join(copy, 'node_modules/vitest/vitest.mjs'), 'run', path], { cwd: copy });
  let output = '';
  for (const stream of [vitest.stdout, vitest.stderr])
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [exitCode] = await once(vitest, 'close');
  return { exitCode, output };
}

it('a worker that is broken in its source fails its spec, although the spec runs the compiled one', async () => {
  const worker = join(copy, 'runner/data/loader-worker.ts');
  const broken = `if (Date.now() > 0) throw new Error('broken on purpose');\n${await readFile(worker, 'utf8')}`;
  await writeFile(worker, broken);
  const { exitCode, output } = await runSpec('runner/data/loader-thread.spec.ts');
  expect(output).toContain("the loader's thread failed: broken on purpose");
  expect(exitCode).toBe(1);
});
