import type { DatasetPartName } from '../../../schema/generated/web/graphql.js';

/** What the parts of a dataset are called. */
export const PART_NAMES: Record<DatasetPartName, string> = {
  TRAIN: 'Training',
  VAL: 'Validation',
  TEST: 'Test',
  UNLABELLED: 'Without labels',
};
