import type { DatasetSizeFragment } from '../../schema/generated/web/graphql.js';
import { t } from '../messages/t.js';

/**
 * The size of a dataset in words: "367 training images (+ 2,000 without labels), 101 validation, 233 test; 11 classes".
 */
export function datasetWords(dataset: DatasetSizeFragment): string {
  const { trainImages: train, valImages: val, testImages: test, unlabelledImages: unlabelled, classes } = dataset;
  return t('format.dataset', { train, val, test, unlabelled, classes: classes.length });
}
