import { MOST_CHARACTERS } from '../../schema/report-limits.js';
import { storableText } from '../graphql/texts.js';
import type { Dataset } from './dataset.entity.js';
import type { DatasetInput } from './datasets.inputs.js';

/** What a runner says about a dataset. */
export type DatasetDescription = Omit<Dataset, 'id' | 'createdAt' | 'announcedBy'>;

export function descriptionOf(input: DatasetInput): DatasetDescription {
  const { name, kind, ignoreIndex, trainImages, unlabelledImages, valImages, testImages, fingerprint } = input;
  const classes = input.classes.map(({ name, color }, index) => ({ index, name, color: color.toLowerCase() }));
  const images = { trainImages, unlabelledImages, valImages, testImages };
  const warnings = (input.warnings ?? []).map((warning) => storableText(warning, MOST_CHARACTERS.datasetWarning));
  return {
    name,
    kind,
    classes,
    ignoreIndex,
    ...images,
    fingerprint,
    warnings,
    facts: (input.facts as Dataset['facts'] | undefined) ?? null,
  };
}
