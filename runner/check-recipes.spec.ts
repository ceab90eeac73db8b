import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { RecipeRun } from '../schema/recipe.js';
import { readRecipeFile } from '../schema/recipe-file.js';
import { check } from './check.js';
import { type Content, gray, picture, written } from './data/testing/small-files.js';
import { DEFAULT_ENGINE_OPTIONS } from './tracking/engine.js';

const RECIPES = join(import.meta.dirname, '../docs/recipes');
const CROP = 64;
/** Widths and heights: larger and smaller than the crop, or both. */
const SIZES = [
  [100, 80],
  [50, 90],
  [40, 30],
  [CROP, CROP],
] as const;
const TRAINING_IMAGES = 24;

type Files = Record<string, Content>;

/** The files of an image in the layout of a recipe's dataset. */
interface Layout {
  idOf(index: number): string;
  files(id: string, subset: 'train' | 'val', size: readonly [width: number, height: number]): Promise<Files>;
  lists?(ids: { train: string[]; val: string[] }): Files;
}

/** Every value that a label can have, in blocks of pixels, so that training sees each of them. */
const labelWith = (values: readonly number[], [width, height]: readonly [number, number]) =>
  gray(
    values.flatMap((value) => Array<number>(7).fill(value)),
    width,
    height,
  );
const upTo = (count: number) => [...Array(count).keys()];

const LAYOUTS: Record<string, Layout> = {
  voc: {
    idOf: (index) => `2007_${String(index).padStart(6, '0')}`,
    files: async (id, subset, size) => ({
      [`VOC2012/JPEGImages/${id}.jpg`]: await picture(...size)
        .jpeg()
        .toBuffer(),
      [`VOC2012/SegmentationClass${subset === 'train' ? 'Aug' : ''}/${id}.png`]: labelWith([...upTo(21), 255], size),
    }),
    lists: ({ train, val }) => ({
      'VOC2012/ImageSets/Segmentation/train_aug.txt': train.join('\n'),
      'VOC2012/ImageSets/Segmentation/val.txt': val.join('\n'),
    }),
  },
  'camvid-small': {
    idOf: (index) => `frame_${index}`,
    files: async (id, subset, size) => ({
      [`${subset}/images/${id}.png`]: picture(...size),
      [`${subset}/labels/${id}.png`]: labelWith([...upTo(11), 255], size),
    }),
    lists: () => ({
      'classes.json': JSON.stringify({
        classes: upTo(11).map((id) => ({ id, name: `class ${id}` })),
        ignore_index: 255,
      }),
    }),
  },
  cityscapes: {
    idOf: (index) => `jena_${String(index).padStart(6, '0')}_000019`,
    files: async (id, subset, size) => ({
      [`leftImg8bit/${subset}/jena/${id}_leftImg8bit.png`]: picture(...size),
      [`gtFine/${subset}/jena/${id}_gtFine_labelIds.png`]: labelWith(upTo(34), size),
    }),
  },
};

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recipes-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Writes a dataset for these runs, with every list that they name. Each list has other images. */
async function datasetFor(runs: readonly RecipeRun[]): Promise<string> {
  const name = runs[0]!.config.dataset;
  const layout = LAYOUTS[name];
  if (!layout) throw new Error(`this spec has no layout for the dataset "${name}" of a recipe; add it to LAYOUTS`);
  const train = upTo(TRAINING_IMAGES).map(layout.idOf);
  const val = [layout.idOf(TRAINING_IMAGES)];
  const files: Files = { ...layout.lists?.({ train, val }) };
  for (const [index, id] of [...train, ...val].entries())
    Object.assign(
      files,
      await layout.files(id, index < TRAINING_IMAGES ? 'train' : 'val', SIZES[index % SIZES.length]!),
    );
  const lists = runs.flatMap(({ config: { split } }) =>
    'labelledList' in split ? [split.labelledList, ...(split.unlabelledList ? [split.unlabelledList] : [])] : [],
  );
  for (const [index, list] of [...new Set(lists)].entries()) files[list] = train.slice(0, index + 2).join('\n');
  return written(files);
}

/** The recipe with small networks, crops and batches, so that a step takes a second. Everything else is as it is written. */
async function reduced(recipe: string): Promise<string> {
  const content = parse(await readFile(join(RECIPES, recipe), 'utf8'));
  const base = content.base ?? content;
  Object.assign(base.network, { backbone: 'resnet18', width: 0.0625, pretrained: null });
  base.augmentation.crop = [CROP, CROP];
  Object.assign(base.training, { batchLabelled: Math.max(2, base.loss?.imagesPerGroup ?? 2), batchUnlabelled: 2 });
  for (const method of content.matrix?.methods ?? [content.method])
    if (method.name === 'gct') method.detectorChannels ??= 4;
  const file = join(folder, recipe);
  await writeFile(file, stringify(content));
  return file;
}

async function runsOf(file: string): Promise<RecipeRun[]> {
  const recipe = await readRecipeFile(file);
  if (!recipe.ok) throw new Error(recipe.message);
  return recipe.runs;
}

const settingsOf = ({ config }: RecipeRun) => JSON.stringify([config.method, config.balance]);

describe('check of a recipe with data', () => {
  it.each(readdirSync(RECIPES))(
    'trains steps of each method and variant of %s, and opens each split',
    { timeout: 300_000 },
    async (recipe) => {
      const file = await reduced(recipe);
      const runs = await runsOf(file);
      const data = await datasetFor(runs);
      const lines: string[] = [];
      const good = await check(file, {
        ...{ data: `${runs[0]!.config.dataset}=${data}`, weights: [], allowHost: [], home: join(folder, 'home') },
        ...{ engine: 'wasm', engineOptions: DEFAULT_ENGINE_OPTIONS, print: (line) => lines.push(line) },
      });
      await rm(data, { recursive: true });
      expect(lines.filter((line) => line.includes('would fail'))).toEqual([]);
      expect(good).toBe(true);

      // The first run of each method and variant.
      const methods = runs.filter((run, i) => runs.findIndex((other) => settingsOf(other) === settingsOf(run)) === i);
      const trained = lines.filter((line) => / s per step, .*; loss [\d.]+$/.test(line));
      expect(trained.map((line) => line.split(':')[0])).toEqual(methods.map(({ name }) => name));
      const splits = new Set(runs.map(({ config }) => JSON.stringify(config.split)));
      expect(lines.filter((line) => line.includes('trains as '))).toHaveLength(methods.length * (splits.size - 1));
      const hashes = lines.flatMap((line) => /\(split ([0-9a-f]+)\)/.exec(line)?.[1] ?? []);
      expect(new Set(hashes).size).toBe(splits.size);
    },
  );
});
