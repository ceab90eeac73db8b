import type { DatasetSizeFragment } from '../../schema/generated/web/graphql.js';
import { grouped } from './format.js';

/**
 * The size of a dataset in words: "367 training images (+ 2,000 without labels), 101 validation, 233 test; 11 classes".
 */
export function datasetWords(dataset: DatasetSizeFragment): string {
  const { trainImages, valImages, testImages, unlabelledImages, classes } = dataset;
  const beside = unlabelledImages > 0 ? ` (+ ${grouped(unlabelledImages)} without labels)` : '';
  const others = `${grouped(valImages)} validation, ${grouped(testImages)} test`;
  return `${grouped(trainImages)} training images${beside}, ${others}; ${classes.length} classes`;
}
