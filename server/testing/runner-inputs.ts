import type { Claimed } from './test-server.js';

/** Valid inputs of a runner. */

export const runnerInfo = () => ({
  name: 'r',
  host: 'h',
  engine: 'wasm',
  device: 'd',
  version: '1',
  commit: 'abcdef0',
  pool: 'p',
  datasets: [
    {
      name: 'd',
      kind: 'folder',
      classes: [{ name: 'c', color: '#000000' }],
      ignoreIndex: 255,
      trainImages: 1,
      valImages: 1,
      testImages: 1,
      fingerprint: 'f',
      warnings: ['w'],
      facts: {
        parts: [
          {
            ...{ part: 'TRAIN', images: 1, sizes: [], bits: [8], ignoredPixels: 0 },
            classes: [{ pixels: 1, images: 1, components: null }],
          },
        ],
        splits: [],
        duplicates: { groups: 0, acrossSubsets: 0, near: 0 },
      },
    },
  ],
});
const ONES = [1, 1, 1];
/** A report with an entry of every kind. */
export const reportOf = ({ attemptId, fence }: Claimed, sequence: number) => ({
  attemptId,
  fence,
  sequence,
  setup: { engine: 'e', device: 'd', splitHash: 's', labelledImages: 1, unlabelledImages: 1, parameters: 1 },
  points: [{ series: 's', steps: [1], values: [1] }],
  phase: 'TRAINING',
  evaluations: [
    {
      ...{ step: 1, network: 'BRANCH1', subset: 'VAL', confusion: [1, 0, 0, 0, 0, 0, 0, 0, 0] },
      images: { ids: ['i'], counts: 'AQEB' },
      confidences: [1, null, null],
    },
  ],
  pseudoLabels: [
    {
      step: 1,
      network: 'BRANCH1',
      labelledPixels: ONES,
      pseudoPixels: ONES,
      undecidedPixels: 0,
      confusion: [...ONES, ...ONES, ...ONES],
    },
  ],
  classCounts: [{ step: 1, labelledPixels: ONES, labelledImages: ONES, crops: 1, cropsWithClass: ONES }],
  alarms: [{ step: 1, kind: 'DROP', message: 'm' }],
  alarmEnds: [{ step: 1, kind: 'DROP' }],
  samples: [{ step: 1, imageId: 'i', width: 1, height: 1, kind: 'INPUT', sha256: 'a' }],
  imageReviews: [
    {
      ...{ step: 1, imageId: 'i', width: 1, height: 1, disagreement: 0, entropy: 0, confidence: 1 },
      ...{ predicted: ONES, expected: ONES, uncertain: ONES, disputed: ONES, hash: '0123456789abcdef' },
    },
  ],
  labelReviews: [
    {
      ...{ step: 1, imageId: 'i', width: 1, height: 1 },
      doubts: [
        {
          ...{ classIndex: 0, takenFor: 1, pixels: 1, left: 0, top: 0, right: 1, bottom: 1 },
          ...{ labelProbability: 0.1, otherProbability: 0.8 },
        },
      ],
    },
  ],
  reviewPictures: [{ step: 1, imageId: 'i', kind: 'INPUT', width: 1, height: 1, sha256: 'a' }],
  log: [{ at: '2026-11-24T01:00:00.000Z', level: 'INFO', message: 'm' }],
  checkpoint: { step: 1, sha256: 'a', bytes: 1 },
});
