import { DATASET_PARTS } from '../../../schema/dataset-facts.js';
import type { DataSource } from '../../tracking/messages.js';
import type { DatasetDescriptor } from '../dataset.js';
import { imagesOf } from '../formats/files/check-files.js';
import { checkForInspection } from '../formats/files/checked-datasets.js';
import type { FilesDatasetOptions, Opening } from '../formats/files/files-options.js';
import { SUBSETS } from '../formats/files/image-files.js';
import { scanSource } from '../open.js';
import { nearDuplicates, sameBytes } from './duplicates.js';
import type { InspectedImage, Inspection, Part } from './inspection.js';
import { labelSplits } from './label-splits.js';
import { partReport } from './part-report.js';
import { suspectsAmong } from './suspects.js';

export interface Inspected {
  inspection: Inspection;
  /** Null if the dataset cannot be used. */
  descriptor: DatasetDescriptor | null;
  images: InspectedImage[];
  options: FilesDatasetOptions;
}

/**
 * Says what a dataset of files holds, even if some of its files are damaged.
 *
 * @param opening earlier results that make a complete check unnecessary
 * @throws DatasetError if its classes or its layout are not known
 */
export async function inspectDataset(
  source: DataSource,
  opening: Pick<Opening, 'checked' | 'progress'> = {},
): Promise<Inspected> {
  const options = await scanSource(source);
  const { descriptor, facts, problems, warnings } = await checkForInspection(options, opening);
  const parts = SUBSETS.flatMap((subset) => options.files[subset].map((): Part => subset));
  const images = imagesOf(options).map((files, index): InspectedImage => {
    return { part: parts[index] ?? 'UNLABELLED', id: files.id, files, facts: facts[index]! };
  });
  const { name, kind, directory, classes, channels, ignoreIndex } = options;
  const of = (part: Part) => images.filter((image) => image.part === part);
  const inspection: Inspection = {
    ...{ name, kind, directory, fingerprint: descriptor?.fingerprint ?? null, problems, warnings },
    ...{ classes: [...classes], channels, ignoreIndex },
    parts: DATASET_PARTS.filter((part) => of(part).length > 0).map((part) => partReport(part, of(part), classes)),
    duplicates: sameBytes(images),
    nearDuplicates: nearDuplicates(images),
    suspects: suspectsAmong(images, classes),
    ...labelSplits(of('TRAIN'), classes),
  };
  return { inspection, descriptor, images, options };
}
