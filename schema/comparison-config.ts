import type { StudyPlan } from './demo-config.js';
import type { RunConfigInput } from './run-config.js';
import type { StudyMatrix } from './study-matrix.js';
import type { StudyVariant } from './study-variants.js';
import { WINNING_REMEDIES } from './winning-remedies.js';

/** From random weights, the first pseudo-labels are random, so the unsupervised losses are ramped up over this share of the iterations. */
const rampUp = 0.3;

const METHODS: StudyMatrix['methods'] = [
  { name: 'supervised' },
  { name: 'mean_teacher', weight: 100, rampUp, decay: 0.99, teacherUpdate: 'before_step' },
  { name: 'cps', weight: 1, rampUp, on: 'both' },
  { name: 'cps_cutmix', weight: 1, rampUp, boxes: 3, areaShare: [0.25, 0.5], sameOrder: false },
];

/**
 * What `crosscheck study` trains: four methods on the same few labels, with several seeds each. It is small enough for a machine
 * without a GPU. docs/results/camvid.md compares its results with an independent implementation in PyTorch.
 * @param remedies for rare classes, which are trained in addition; null for none
 */
export function comparisonStudy(
  dataset: string,
  split: RunConfigInput['split'],
  seeds: number,
  remedies: StudyVariant | null = WINNING_REMEDIES,
): StudyPlan {
  return {
    // A study that was begun without remedies is not the same one.
    name: `Four methods${remedies ? ', with remedies,' : ''} on ${dataset}`,
    description:
      `Supervised, Mean Teacher, CPS and CPS + CutMix with the same labelled images of ${dataset}, at half size` +
      `${remedies ? ', with and without remedies for rare classes.' : '.'}`,
    base: {
      dataset,
      data: { imageScale: 0.5 },
      split,
      network: { backbone: 'resnet18', width: 0.25 },
      optimiser: { learningRate: 0.1, momentum: 0.9, weightDecay: 4e-4, power: 0.9 },
      augmentation: { crop: [72, 96], scales: [1, 1.25, 1.5, 1.75], flip: 0.5 },
      training: {
        iterations: 3000,
        batchLabelled: 8,
        batchUnlabelled: 8,
        evaluateEvery: 500,
        sampleEvery: 1000,
        checkpointEvery: 500,
        logEvery: 10,
      },
    },
    matrix: {
      methods: METHODS,
      ...(remedies && { variants: [remedies] }),
      seeds: Array.from({ length: seeds }, (_, seed) => seed),
    },
  };
}
