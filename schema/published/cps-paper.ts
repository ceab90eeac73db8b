import type { PublishedNumber, PublishedTable } from './published.js';

/**
 * What the paper on cross pseudo supervision reports, in % mIoU on the validation images, of one run each. The other methods are its
 * authors' reimplementations.
 */
const SOURCE =
  'X. Chen, Y. Yuan, G. Zeng, J. Wang: Semi-Supervised Semantic Segmentation with Cross Pseudo Supervision, CVPR 2021';

type Row = readonly [name: PublishedNumber['method'], ...numbers: (number | null)[]];

const RATIOS = [1 / 16, 1 / 8, 1 / 4, 1 / 2];

/** Four ratios with ResNet-50, then with ResNet-101. */
const VOC: Row[] = [
  ['supervised', null, 69.43, null, null, null, 72.21, null, null],
  ['mean_teacher', 66.77, 70.78, 73.22, 75.41, 70.59, 73.2, 76.62, 77.61],
  ['cutmix_seg', 68.9, 70.7, 72.46, 74.49, 72.56, 72.69, 74.25, 75.89],
  ['cct', 65.22, 70.87, 73.43, 74.75, 67.94, 73.0, 76.17, 77.56],
  ['gct', 64.05, 70.47, 73.45, 75.2, 69.77, 73.3, 75.25, 77.14],
  ['cps', 68.21, 73.2, 74.24, 75.91, 72.18, 75.83, 77.55, 78.64],
  ['cps_cutmix', 71.98, 73.67, 74.9, 76.15, 74.48, 76.44, 77.68, 78.64],
];
const CITYSCAPES: Row[] = [
  ['supervised', null, 70.32, null, null, null, 72.19, null, null],
  ['mean_teacher', 66.14, 72.03, 74.47, 77.43, 68.08, 73.71, 76.53, 78.59],
  ['cct', 66.35, 72.46, 75.68, 76.78, 69.64, 74.48, 76.35, 78.29],
  ['gct', 65.81, 71.33, 75.3, 77.09, 66.9, 72.96, 76.45, 78.58],
  ['self_training', null, null, null, null, null, null, 76.63, 78.15],
  ['cps', 69.79, 74.39, 76.85, 78.64, 70.5, 75.71, 77.41, 80.08],
  ['cps_cutmix', 74.47, 76.61, 77.83, 78.77, 74.72, 77.62, 79.21, 80.21],
];

/** The ablation of the loss, at 1/8 and without CutMix: CPS on one kind of images, and CPC on both. ResNet-50, then ResNet-101. */
const VOC_LOSSES: readonly Ablation[] = [
  ['cps', 'labelled', 69.99, 72.98],
  ['cps', 'unlabelled', 73.0, 75.83],
  ['cpc', null, 71.23, 74.01],
];
const CITYSCAPES_LOSSES: readonly Ablation[] = [
  ['cps', 'labelled', 71.73, 73.08],
  ['cps', 'unlabelled', 73.97, 75.28],
  ['cpc', null, 72.03, 73.77],
];
type Ablation = readonly ['cps' | 'cpc', PublishedNumber['on'], number, number];

/** How many labelled images the ratios of RATIOS are. */
const IMAGES = { voc: [662, 1323, 2646, 5291], cityscapes: [186, 372, 744, 1488] };

export const PUBLISHED_TABLES = {
  CPS_VOC: tableOf('PASCAL VOC 2012', VOC, VOC_LOSSES, IMAGES.voc),
  CPS_CITYSCAPES: tableOf('Cityscapes', CITYSCAPES, CITYSCAPES_LOSSES, IMAGES.cityscapes),
} satisfies Record<string, PublishedTable>;

export type PublishedName = keyof typeof PUBLISHED_TABLES;

function tableOf(dataset: string, rows: Row[], losses: readonly Ablation[], images: number[]): PublishedTable {
  const at = (index: number) => ({ labelledRatio: RATIOS[index]!, labelledImages: images[index]! });
  const numbers = rows.flatMap(([method, ...percentages]) =>
    percentages.flatMap((percentage, i): PublishedNumber[] => {
      if (percentage === null) return [];
      const backbone = i < RATIOS.length ? 'resnet50' : 'resnet101';
      const on = method === 'cps' ? 'both' : null;
      return [{ method, on, backbone, ...at(i % RATIOS.length), meanIou: percentage / 100 }];
    }),
  );
  const ablation = losses.flatMap(([method, on, ...percentages]) =>
    percentages.map((percentage, i): PublishedNumber => {
      const backbone = i === 0 ? 'resnet50' : 'resnet101';
      return { method, on, backbone, ...at(1), meanIou: percentage / 100 };
    }),
  );
  return { title: `CPS paper on ${dataset}`, source: SOURCE, numbers: [...numbers, ...ablation] };
}
