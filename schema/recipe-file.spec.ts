import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecipeFile } from './recipe-file.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crosscheck-recipe-file-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string) {
  const file = join(folder, 'recipe.yaml');
  await writeFile(file, text);
  const result = await readRecipeFile(file);
  return result.ok ? result : { ...result, message: result.message.replace(file, 'FILE') };
}

describe('a recipe file', () => {
  it.each([
    ['YAML', 'dataset: shapes\nsplit: { labelledImages: 8 }\nmethod: { name: cps }\n'],
    ['JSON', '{"dataset": "shapes", "split": {"labelledImages": 8}, "method": {"name": "cps"}}'],
  ])('can be %s', async (_, text) => {
    expect(await read(text)).toMatchObject({ ok: true, study: null, runs: [{ name: 'CPS, 8 images, seed 0' }] });
  });

  it('lists every problem with its field', async () => {
    const wrong = await read('dataset: shapes\nsplit: { labelledRatio: 2 }\nmethod: { name: magic }\n');
    expect(wrong).toMatchObject({ ok: false, message: expect.stringMatching(/^FILE is not a valid recipe:\n {2}- /) });
    expect(wrong).toMatchObject({ message: expect.stringContaining('\n  - split.labelledRatio: ') });
    expect(wrong).toMatchObject({ message: expect.stringContaining('\n  - method.name: got "magic"') });
    const none = await read('just words');
    expect(none).toMatchObject({ ok: false, message: expect.stringContaining('\n  - (the whole file): ') });
  });

  it('names a file that is not YAML or does not exist', async () => {
    const noYaml = {
      ok: false,
      message: expect.stringMatching(/^FILE: cannot be read as YAML: .+ at line \d+, column \d+$/),
    };
    expect(await read('a: [')).toMatchObject(noYaml);
    const missing = join(folder, 'none.yaml');
    const message = expect.stringContaining(`${missing}: cannot be read: ENOENT`);
    expect(await readRecipeFile(missing)).toEqual({ ok: false, message });
  });
});
