import { grouped } from './format.js';

/** What of a dataset is counted. */
export interface DatasetCounts {
  trainImages: number;
  valImages: number;
  testImages: number;
  /** Beside the training images. */
  unlabelledImages: number;
  classes: readonly unknown[];
}

/** How large a dataset is: "367 training images (+ 2,000 without labels), 101 validation, 233 test; 11 classes". */
export function datasetWords(dataset: DatasetCounts): string {
  const { trainImages, valImages, testImages, unlabelledImages, classes } = dataset;
  const beside = unlabelledImages > 0 ? ` (+ ${grouped(unlabelledImages)} without labels)` : '';
  const others = `${grouped(valImages)} validation, ${grouped(testImages)} test`;
  return `${grouped(trainImages)} training images${beside}, ${others}; ${classes.length} classes`;
}
