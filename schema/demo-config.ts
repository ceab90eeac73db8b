import type { RunConfigInput } from './run-config.js';
import type { StudyMatrix } from './study-matrix.js';

/** The input of `createStudy`. */
export interface StudyPlan {
  name: string;
  description: string;
  base: Omit<RunConfigInput, 'method'>;
  matrix: StudyMatrix;
}

/** The cross loss is ramped up: without a pretrained backbone, the first pseudo-labels are random. */
const METHODS: StudyMatrix['methods'] = [
  { name: 'supervised' },
  { name: 'cps', weight: 1, rampUp: 0.3, on: 'both' },
  { name: 'cps_cutmix', weight: 1, rampUp: 0.3, boxes: 3, areaShare: [0.25, 0.5], sameOrder: false },
];

/** What `crosscheck demo` trains: small enough for two cores without a GPU to train all three runs in six minutes. */
export const demoStudy: StudyPlan = {
  name: 'Shapes at 1/8',
  description: 'Supervised, CPS and CPS + CutMix on the same labelled eighth of the built-in shapes.',
  base: {
    dataset: 'shapes',
    split: { labelledRatio: 1 / 8, seed: 0 },
    network: { width: 0.25 },
    optimiser: { learningRate: 0.1 },
    augmentation: { crop: [64, 64], scales: [0.75, 1, 1.25, 1.5] },
    training: {
      iterations: 600,
      batchLabelled: 4,
      batchUnlabelled: 4,
      evaluateEvery: 150,
      sampleEvery: 150,
      checkpointEvery: 300,
    },
  },
  matrix: { methods: METHODS },
};

/** The same comparison on a folder dataset. */
export function folderStudy(dataset: string): StudyPlan {
  return {
    name: `${dataset} at 1/8`,
    description: `Supervised, CPS and CPS + CutMix on the same labelled eighth of ${dataset}.`,
    base: {
      dataset,
      split: { labelledRatio: 1 / 8, seed: 0 },
      network: { width: 0.25 },
      optimiser: { learningRate: 0.1 },
      augmentation: { crop: [96, 128], scales: [0.5, 0.75, 1] },
      training: {
        iterations: 600,
        batchLabelled: 4,
        batchUnlabelled: 4,
        evaluateEvery: 150,
        evaluateImages: 25,
        sampleEvery: 150,
        checkpointEvery: 300,
      },
    },
    matrix: { methods: METHODS },
  };
}
