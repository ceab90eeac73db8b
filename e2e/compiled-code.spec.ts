import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type Ending, Program } from '../processes/program.js';
import { WorkingCopy } from './support/working-copy.js';

const copy = new WorkingCopy();
afterAll(() => copy.remove());

/** Runs one spec in the copy, as a person would after an edit: without building anything first. */
async function runSpec(path: string): Promise<{ ending: Ending; output: string }> {
  const program = join(copy.folder, 'node_modules/vitest/vitest.mjs');
  const vitest = new Program({
    name: 'spec',
    command: [process.execPath, program, 'run', path],
    cwd: copy.folder,
  });
  return { ending: await vitest.ended(), output: vitest.output };
}

it('a worker that is broken in its source fails its spec, although the spec runs the compiled worker', async () => {
  const worker = 'runner/data/loading/loader-worker.ts';
  copy.write(worker, `if (Date.now() > 0) throw new Error('broken on purpose');\n${copy.read(worker)}`);
  const { ending, output } = await runSpec('runner/data/loading/loader-thread.spec.ts');
  expect(output).toContain("the loader's thread failed: broken on purpose");
  expect(ending).toBe(1);
});
