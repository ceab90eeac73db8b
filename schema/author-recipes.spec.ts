import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseRecipe } from './recipe.js';

const FOLDER = join(import.meta.dirname, '..', 'docs', 'recipes');

function runsOf(file: string) {
  const recipe = parseRecipe(parse(readFileSync(join(FOLDER, file), 'utf8')));
  if (!recipe.ok) throw new Error(JSON.stringify(recipe.problems));
  return recipe.runs.map(({ config }) => config);
}

/** SGD with decay on all weights. */
const sgd = (learningRate: number, headFactor: number) => ({
  ...{ name: 'sgd', learningRate, headFactor, backboneFactor: 1, momentum: 0.9, power: 0.9 },
  ...{ weightDecay: 1e-4, weightDecayOn: 'all' },
});
/** Two images on each of four devices. */
const entropy = { name: 'cross_entropy', imagesPerGroup: 2 };
const tenths = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => (from + i) / 10);

describe("the recipes in docs/ of methods in their own authors' settings", () => {
  // From the official code of each method.
  it.each([
    [
      'unimatch-voc.yaml',
      {
        network: { backbone: 'resnet101', stem: 'deep', outputStride: 16, normalisation: 'batch' },
        optimiser: sgd(0.001, 10),
        loss: entropy,
        augmentation: { crop: [321, 321], scales: { from: 0.5, to: 2 }, padding: 'black', resize: 'pillow' },
        training: { batchLabelled: 8, batchUnlabelled: 8, unlabelledOrder: 'reshuffled', evaluateWhole: true },
      },
      { unimatch: { weight: 1, rampUp: 0, confidence: 0.95, sameOrder: true, ignorePadding: true } },
    ],
    [
      'unimatch-cityscapes.yaml',
      {
        network: { backbone: 'resnet101', stem: 'deep', outputStride: 16, normalisation: 'batch' },
        optimiser: sgd(0.005, 1),
        loss: { name: 'ohem', threshold: 0.7, keep: 100_000, imagesPerGroup: 2 },
        augmentation: { crop: [801, 801], scales: { from: 0.5, to: 2 }, padding: 'black', resize: 'pillow' },
        training: { batchLabelled: 8, batchUnlabelled: 8, unlabelledOrder: 'reshuffled', evaluateWhole: false },
      },
      { unimatch: { weight: 1, rampUp: 0, confidence: 0, sameOrder: true, ignorePadding: true } },
    ],
    [
      'cutmix-seg-voc.yaml',
      {
        network: { backbone: 'resnet101', stem: '7x7', outputStride: 8, normalisation: 'frozen' },
        optimiser: { name: 'adam', learningRate: 1e-5, momentum: 0.9, weightDecay: 0, power: 0, backboneFactor: 1 },
        loss: { name: 'cross_entropy', imagesPerGroup: null },
        augmentation: { crop: [321, 321], scales: tenths(5, 15), padding: 'mean', resize: 'opencv' },
        training: { iterations: 40_000, batchLabelled: 10, batchUnlabelled: 10, evaluateWhole: true },
      },
      {
        supervised: {},
        cutmix_seg: {
          ...{ weight: 1, rampUp: 0, decay: 0.99, confidence: 0.97, boxes: 1, areaShare: [0.5, 0.5] },
          ...{ strongColours: true, unlabelledImages: 'all', ignorePadding: true },
        },
      },
    ],
    [
      'self-training-voc.yaml',
      {
        network: { backbone: 'resnet50', stem: '7x7', outputStride: 8, normalisation: 'batch' },
        optimiser: sgd(0.001, 10),
        loss: { name: 'cross_entropy', imagesPerGroup: null },
        augmentation: { crop: [321, 321], scales: { from: 0.4, to: 1.6 }, padding: 'black', resize: 'pillow' },
        training: { batchLabelled: 8, batchUnlabelled: 8, evaluateImages: null, evaluateWhole: true },
      },
      { self_training: { weight: 1, confidence: 0, teacher: 'best', sharedBatch: true, ignorePadding: true } },
    ],
  ] as const)("%s has its authors' settings", (file, settings, methods) => {
    for (const config of runsOf(file)) {
      expect(config).toMatchObject(settings);
      expect(config.network).toMatchObject({ width: 1, classifierBias: 'uniform' });
      expect(config.augmentation.flip).toBe(0.5);
      expect(config.method).toMatchObject((methods as Record<string, object>)[config.method.name]!);
    }
    expect(new Set(runsOf(file).map(({ method }) => method.name))).toEqual(new Set(Object.keys(methods)));
  });

  // The authors' loaders fill batches of 2 images on each of four devices, and leave out the last ones of an epoch.
  it.each([
    ['unimatch-voc.yaml', 10_582 - 183, 80],
    ['unimatch-cityscapes.yaml', 2975 - 186, 240],
  ])("%s trains for its authors' number of epochs", (file, unlabelled, epochs) => {
    const steps = epochs * Math.floor(Math.ceil(unlabelled / 4) / 2);
    expect(new Set(runsOf(file).map(({ training }) => training.iterations))).toEqual(new Set([steps]));
  });

  it('self-training-voc.yaml has as many epochs of labelled images, then of all images, as its authors', () => {
    const [labelled, unlabelled] = [1323, 10_582 - 1323];
    // In batches of 16, of which here only half are labelled.
    const first = 2 * 80 * Math.floor(labelled / 16);
    const second = 80 * Math.floor((labelled * Math.ceil(unlabelled / labelled) + unlabelled) / 16);
    for (const config of runsOf('self-training-voc.yaml')) {
      expect(config.training.iterations).toBe(first + second);
      const { method, training } = config;
      expect('firstRound' in method && Math.round(method.firstRound * training.iterations)).toBe(first);
      expect(first % training.evaluateEvery).toBe(0);
    }
  });
});
