import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { WorkingCopy } from './support/working-copy.js';

const copy = new WorkingCopy();
afterAll(() => copy.remove());

/** Runs one spec in the copy, as a person would after an edit: without building anything first. */
async function runSpec(path: string): Promise<{ exitCode: number; output: string }> {
  const program = join(copy.folder, 'node_modules/vitest/vitest.mjs');
  const vitest = spawn(process.execPath, [program, 'run', path], { cwd: copy.folder });
  let output = '';
  for (const stream of [vitest.stdout, vitest.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [exitCode] = await once(vitest, 'close');
  return { exitCode, output };
}

it('a worker that is broken in its source fails its spec, although the spec runs the compiled worker', async () => {
  const worker = 'runner/data/loading/loader-worker.ts';
  copy.write(worker, `if (Date.now() > 0) throw new Error('broken on purpose');\n${copy.read(worker)}`);
  const { exitCode, output } = await runSpec('runner/data/loading/loader-thread.spec.ts');
  expect(output).toContain("the loader's thread failed: broken on purpose");
  expect(exitCode).toBe(1);
});
