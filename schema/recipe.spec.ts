import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseRecipe } from './recipe.js';

const FOLDER = join(import.meta.dirname, '..', 'docs', 'recipes');
const read = (file: string) => parseRecipe(parse(readFileSync(join(FOLDER, file), 'utf8')));

function runsOf(file: string) {
  const recipe = read(file);
  if (!recipe.ok) throw new Error(JSON.stringify(recipe.problems));
  return recipe.runs.map(({ config }) => config);
}

describe('the recipes in docs/', () => {
  it.each(readdirSync(FOLDER))('%s is valid', (file) => {
    expect(read(file)).toMatchObject({ ok: true });
  });

  // Two images on each of four devices, and one on each of eight.
  const entropy = { name: 'cross_entropy', imagesPerGroup: 2 };
  const ohem = { name: 'ohem', threshold: 0.7, keep: 50_000, imagesPerGroup: 1 };
  // From the official code, with the rates for one device: learning rate, weight decay, iterations, crop, loss, weights of CPS.
  it.each([
    ['voc-resnet50.yaml', 0.0025, 4e-4, 39_700, 512, entropy, { cps: 1.5, cps_cutmix: 1 }],
    ['cityscapes-resnet50.yaml', 0.0025, 8e-4, 44_500, 800, ohem, { cps: 6, cps_cutmix: 5 }],
  ] as const)('%s has the official settings', (file, learningRate, weightDecay, iterations, crop, loss, weights) => {
    const configs = runsOf(file);
    const compared = ['supervised', 'mean_teacher', 'cct', 'gct', 'cps', 'cps_cutmix'];
    expect(new Set(configs.map(({ method }) => method.name))).toEqual(
      new Set(file.startsWith('voc') ? [...compared, 'cutmix_seg'] : compared),
    );
    for (const config of configs) {
      expect(config.optimiser).toEqual({
        name: 'sgd',
        learningRate,
        weightDecay,
        momentum: 0.9,
        power: 0.9,
        backboneFactor: 1,
        headFactor: 1,
        weightDecayOn: 'convolutions',
        warmUp: 0,
        clipNorm: null,
      });
      expect(config.training).toMatchObject({
        iterations,
        batchLabelled: 8,
        batchUnlabelled: 8,
        unlabelledOrder: 'fixed',
      });
      expect(config.augmentation).toEqual({
        crop: [crop, crop],
        scales: [0.5, 0.75, 1, 1.5, 1.75, 2],
        resize: 'opencv',
        flip: 0.5,
        padding: 'mean',
      });
      expect(config.network).toEqual({
        name: 'deeplabv3plus',
        backbone: 'resnet50',
        classifierBias: 'uniform',
        stem: 'deep',
        width: 1,
        outputStride: 16,
        normalisation: 'batch',
        pretrained: { source: 'resnet50_v1c.safetensors', sha256: null },
        second: null,
      });
      expect(config.loss).toEqual(loss);
      const { method } = config;
      if (method.name === 'cct') {
        expect(new Set(Object.values(method.decoders))).toEqual(new Set([2]));
        expect(method).toMatchObject({ rampUp: 0, features: 'decoder', annealed: config.dataset === 'voc' });
      }
      if (method.name === 'gct') {
        expect(method).toMatchObject({ rampUp: 0.088, detectorRate: 4e-4, detectorSchedule: 'constant' });
        expect(method).toMatchObject({ updates: 'in_turn', flawMaps: 'original' });
      }
      if (method.name === 'mean_teacher') expect(method.teacherUpdate).toBe('between_passes');
      if (method.name === 'cps_cutmix') expect(method.sameOrder).toBe(true);
      if (method.name === 'cps' || method.name === 'cps_cutmix') {
        expect(method).toMatchObject({ weight: weights[method.name], rampUp: 0 });
      }
    }
    for (const method of Object.keys(weights)) {
      const splits = configs
        .filter((config) => config.method.name === method && config.seed === 0)
        .map(({ split }) => split);
      const lists = ['1-16', '1-8', '1-4', '1-2'].map((ratio) => `splits/train_aug_labeled_${ratio}.txt`);
      expect(splits).toEqual(lists.map((labelledList) => ({ labelledList, unlabelledList: null })));
    }
  });
});

describe('parseRecipe', () => {
  it('also accepts the configuration of a single run', () => {
    const recipe = parseRecipe({ dataset: 'shapes', split: { labelledImages: 8 }, method: { name: 'cps' } });
    expect(recipe).toMatchObject({ ok: true, study: null, runs: [{ name: 'CPS, 8 images, seed 0' }] });
  });

  it('names a problem that every run has only once', () => {
    const base = { dataset: 'shapes', network: { width: 7 }, split: { labelledRatio: 0.5 } };
    const recipe = parseRecipe({ name: 'x', base, matrix: { methods: [{ name: 'cps' }, { name: 'supervised' }] } });
    if (recipe.ok) throw new Error('expected problems');
    expect(recipe.problems).toHaveLength(1);
    expect(recipe.problems[0]).toMatchObject({ field: 'network.width', message: expect.stringContaining('got 7') });
  });

  it.each([
    [{ name: 'x', base: {}, matrix: {} }, 'matrix.methods'],
    [{ name: 'x', base: { method: { name: 'cps' } }, matrix: { methods: [{ name: 'cps' }] } }, 'base.method'],
    [
      {
        name: 'x',
        base: { split: { labelledImages: 8 } },
        matrix: { methods: [{ name: 'cps' }], labelledRatios: [0.5] },
      },
      'base.split.labelledImages',
    ],
    [{ nam: 'x', base: {}, matrix: { methods: [{ name: 'cps' }] } }, 'name'],
    ['a text', ''],
    [null, ''],
  ])('refuses %j, naming the field', (input, field) => {
    const recipe = parseRecipe(input);
    if (recipe.ok) throw new Error('expected problems');
    expect(recipe.problems.map((problem) => problem.field)).toContain(field);
  });
});
