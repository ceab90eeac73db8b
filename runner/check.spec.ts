import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { WeightsOptions } from './agent/weights-options.js';
import { check } from './check.js';
import { makeSmallFolder } from './data/testing/small-folder.js';
import { writePublicWeights } from './networks/testing/public-weights.js';
import { DEFAULT_ENGINE_OPTIONS } from './tracking/engine.js';

let folder: string;
let lines: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recipes-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Writes the recipe and checks it. The output is in `lines`. */
async function checkFile(text: string, data: string | null, allowed: Partial<WeightsOptions> = {}): Promise<boolean> {
  const file = join(folder, 'recipe.yaml');
  await writeFile(file, text);
  lines = [];
  return check(file, {
    data,
    weights: [],
    allowHost: [],
    ...allowed,
    home: join(folder, 'home'),
    engine: 'wasm',
    engineOptions: DEFAULT_ENGINE_OPTIONS,
    print: (line) => lines.push(line),
  });
}

const study = (splits: string) => `
name: tiny
base:
  dataset: shapes
  network: { width: 0.0625 }
  augmentation: { crop: [32, 32] }
  training: { batchLabelled: 2, batchUnlabelled: 2 }
matrix:
  methods: [{ name: supervised }, { name: cps }]
  splits: ${splits}
  seeds: [0, 1]
`;

describe('check', { timeout: 120_000 }, () => {
  it('knows what the labelled images of each split hold where `balance` draws by it', async () => {
    const balanced = study('[{ labelledImages: 8 }, { labelledImages: 16 }]').replace(
      'matrix:',
      '  balance: { sampling: {}, mixing: { name: class_aware } }\nmatrix:',
    );
    const methods = balanced.replace('{ name: supervised }, ', '');
    expect(await checkFile(methods, 'shapes'), lines.join('\n')).toBe(true);
    expect(lines.filter((line) => line.includes('trains as'))).toHaveLength(1);
  });

  it('trains two steps of each run, once for all seeds, and prints its speed and memory', async () => {
    expect(await checkFile(study('[{ labelledImages: 8 }]'), 'shapes')).toBe(true);
    expect(lines.slice(0, 5).map((line) => line.replace(folder, ''))).toEqual([
      '/recipe.yaml is valid: 4 runs',
      '  Supervised, 8 images, seed 0, 1000 iterations',
      '  CPS, 8 images, seed 0, 1000 iterations',
      '  Supervised, 8 images, seed 1, 1000 iterations',
      '  CPS, 8 images, seed 1, 1000 iterations',
    ]);
    const tried = lines.slice(6);
    expect(tried.map((line) => line.split(':')[0])).toEqual(['Supervised, 8 images, seed 0', 'CPS, 8 images, seed 0']);
    for (const line of tried) {
      expect(line).toMatch(/8 labelled and 504 unlabelled images \(split [0-9a-f]{12}\)/);
      expect(line).toMatch(
        /\d s per step, [\d.e+]+ images\/s; \d+ MiB of tensors, \d+ MiB of wasm memory, \d+ MiB in the process/,
      );
      expect(Number(/loss ([\d.]+)$/.exec(line)?.[1])).toBeGreaterThan(0);
    }
  });

  it('tries a run of one iteration, and the second round of one that has two', async () => {
    const tiny = (rest: string) =>
      `{ dataset: shapes, split: { labelledImages: 4 }, network: { width: 0.0625 }, augmentation: { crop: [32, 32] }, ${rest} }`;
    expect(await checkFile(tiny('method: { name: supervised }, training: { iterations: 1 }'), 'shapes')).toBe(true);
    expect(lines.at(-1)).toMatch(/loss [\d.]+$/);
    expect(lines.join()).not.toContain('the recipe uses dataset');

    const twice = (weight: number) => tiny(`method: { name: self_training, confidence: 0, weight: ${weight} }`);
    const lossAt = async (weight: number) => {
      expect(await checkFile(twice(weight), 'shapes')).toBe(true);
      return Number(/loss ([\d.]+)$/.exec(lines.at(-1)!)?.[1]);
    };
    expect(await lossAt(1)).toBeGreaterThan(await lossAt(0));
  });

  it('says so when the recipe uses another name for the dataset', async () => {
    const other = study('[{ labelledImages: 513 }]').replace('dataset: shapes', 'dataset: voc');
    expect(await checkFile(other, 'shapes')).toBe(false);
    expect(lines).toContain('the recipe uses dataset "voc", so a runner must offer it under that name: --data voc=DIR');
  });

  it('says that the folder of the dataset is missing before anything else', async () => {
    const missing = join(folder, 'nowhere');
    await expect(checkFile(study('[{ labelledImages: 8 }]'), missing)).rejects.toThrow(`${missing} is not a folder`);
    expect(lines).toEqual([]);
  });

  it('says why a run would fail, and continues with the others', async () => {
    expect(await checkFile(study('[{ labelledImages: 513 }, { labelledImages: 4 }]'), 'shapes')).toBe(false);
    const tried = lines.filter((line) => /seed 0: /.test(line));
    expect(tried).toHaveLength(4);
    expect(tried[0]).toMatch(/^Supervised, 513 images, seed 0: would fail: .*from 1 to 512/);
    expect(tried[2]).toMatch(/^Supervised, 4 images, seed 0: 4 labelled and 508 unlabelled images/);
  });

  it('trains once for runs that differ only in their split, and checks the images of each', async () => {
    const splits = study('[{ labelledImages: 4 }, { labelledRatio: 1 }, { labelledImages: 8 }]');
    expect(await checkFile(splits.replace('{ name: supervised }, ', ''), 'shapes')).toBe(false);
    expect(lines.filter((line) => / seed 0: /.test(line))).toEqual([
      expect.stringMatching(/^CPS, 4 images, seed 0: 4 labelled and 508 unlabelled images .* s per step, /),
      expect.stringMatching(
        /^CPS, all, seed 0: would fail: .* trains on unlabelled images, but the split .* leaves none/,
      ),
      expect.stringMatching(
        /^CPS, 8 images, seed 0: 8 labelled and 504 unlabelled images \(split [0-9a-f]{12}\); trains as CPS, 4 images, seed 0 does$/,
      ),
    ]);
  });

  it("uses the dataset check remembered in the runner's home", async () => {
    const dataset = await makeSmallFolder();
    const recipe = study('[{ labelledImages: 2 }]').replace(', { name: cps }', '').replace('shapes', 'small');
    // Files that changed within the last few seconds are not remembered, because they could change again unnoticed.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3000 });
    expect(await checkFile(recipe, `small=${dataset}`)).toBe(true);
    vi.useRealTimers();
    const checked = join(folder, 'home', 'checked');
    // The other file is what crosscheck dataset reads.
    const memory = (await readdir(checked)).find((name) => !name.includes('.images.'));
    const remembered = JSON.parse(await readFile(join(checked, memory!), 'utf8'));
    // Remove a class from the remembered check. A new check of the files would find it again.
    remembered.descriptor.classes.pop();
    await writeFile(join(checked, memory!), JSON.stringify(remembered));
    expect(await checkFile(recipe, `small=${dataset}`)).toBe(false);
    await rm(dataset, { recursive: true });
  });

  it('says which option allows the pretrained weights, until it is given', async () => {
    const weights = join(folder, 'other');
    await mkdir(weights, { recursive: true });
    await writeFile(join(weights, 'w.safetensors'), 'not tensors');
    const recipe = (source: string) =>
      study('[{ labelledImages: 4 }]').replace('width: 0.0625', `width: 1, pretrained: { source: "${source}" }`);
    const file = join(weights, 'w.safetensors');
    const moved = `or with the file in ${join(folder, 'home', 'weights')} and only its name in the recipe`;
    expect(await checkFile(recipe(file), null)).toBe(true);
    expect(lines).toContain(`the pretrained weights ${file} are read only with --weights ${weights}, ${moved}`);

    expect(await checkFile(recipe(file), 'shapes')).toBe(false);
    expect(lines.join('\n')).toContain(`would fail: the pretrained weights ${file} are not available on this runner`);
    expect(lines.join('\n')).toContain(`  pretrained weights ${file}: ${file} is outside the allowed folders`);

    expect(await checkFile(recipe(file), 'shapes', { weights: [weights] })).toBe(false);
    expect(lines.join('\n')).toContain('would fail: the pretrained weights');
    expect(lines.join('\n')).toContain('are not a usable safetensors file');
    expect(lines.join('\n')).not.toContain('are read only with');

    const url = 'https://example.org:8443/w.safetensors';
    expect(await checkFile(recipe(url), null)).toBe(true);
    expect(lines).toContain(`the pretrained weights ${url} are read only with --allow-host example.org:8443`);
    expect(await checkFile(recipe(url), null, { allowHost: ['example.org:8443'] })).toBe(true);
    expect(lines.join('\n')).not.toContain('are read only with');
    await expect(checkFile(recipe(url), null, { allowHost: [url] })).rejects.toThrow(`--allow-host ${url}: `);
  });

  it('says what was loaded from pretrained weights and what stays random', async () => {
    const weights = join(folder, 'public');
    await mkdir(weights, { recursive: true });
    await writePublicWeights(join(weights, 'resnet18.safetensors'), 'resnet18', '7x7');
    const recipe = (stem: string) =>
      `{ dataset: shapes, split: { labelledImages: 4 }, method: { name: supervised }, augmentation: { crop: [32, 32] },
        network: { stem: ${stem}, width: 1, pretrained: { source: resnet18.safetensors } } }`;
    expect(await checkFile(recipe('7x7'), 'shapes', { weights: [weights] })).toBe(true);
    expect(lines.at(-1)).toMatch(
      /^ {2}pretrained weights resnet18\.safetensors \(SHA-256 [0-9a-f]{64}\): 100 of 100 tensors of the backbone loaded; always random: head \(34 tensors\), classifier \(2 tensors\); not used from the file: fc \(weight, bias\), 20 batch norm counters$/,
    );
    expect(await checkFile(recipe('d'), 'shapes', { weights: [weights] })).toBe(false);
    expect(lines.at(-1)).toMatch(
      /would fail: .* do not fit the network: .*; the file has a 7x7 stem: set network\.stem to 7x7$/,
    );
  });

  it('tries networks that differ, says how large each is, and which option allows the weights of the second', async () => {
    const recipe = (second: string) =>
      `{ dataset: shapes, split: { labelledImages: 4 }, method: { name: cps }, augmentation: { crop: [32, 32] },
        network: { width: 0.0625, second: ${second} } }`;
    expect(await checkFile(recipe('{ backbone: resnet34 }'), 'shapes')).toBe(true);
    const [, first, second] = /; ([\d,]+) parameters in network 1, ([\d,]+) in network 2; /.exec(lines.at(-1)!)!;
    const count = (text: string) => Number(text.replaceAll(',', ''));
    expect(count(second!)).toBeGreaterThan(1.2 * count(first!));
    const url = 'https://example.org/w.safetensors';
    expect(await checkFile(recipe(`{ width: 1, pretrained: { source: "${url}" } }`), null)).toBe(true);
    expect(lines).toContain(`the pretrained weights ${url} are read only with --allow-host example.org`);
  });

  it('checks only the recipe when no data is given', async () => {
    expect(await checkFile(study('[{ labelledImages: 513 }]'), null)).toBe(true);
    expect(lines.at(-1)).toContain('no --data was given');
  });

  it.each([
    [
      'name: x\nbase: {}\nmatrix: { methods: [{ name: magic }] }',
      '- matrix.methods.0.name: got "magic"; allowed: supervised',
    ],
    ['dataset: shapes\nsplit: { labelledRatio: 2 }\nmethod: { name: cps }', '- split.labelledRatio'],
    ['a: [', 'cannot be read as YAML'],
  ])('refuses %j and says why', async (text, message) => {
    await expect(checkFile(text, null)).rejects.toThrow(message);
  });
});
