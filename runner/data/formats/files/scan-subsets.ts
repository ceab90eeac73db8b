import { existsSync } from 'node:fs';
import type { Subset } from '../../../tracking/tracker.js';
import type { Channels } from '../../images/pixels.js';
import { pathIn } from '../../words.js';
import { type ClassesFile, DEFAULT_CHANNELS } from '../classes-file.js';
import type { Scan, ScanReport } from '../layout.js';
import type { Place } from './list-files.js';
import { pairFiles } from './pair-files.js';

/** Where the files of a subset are. */
export interface SubsetPlaces {
  images: Place;
  labels: Place;
  /** Null: there are no thermal images, or the image files hold them. */
  thermal: Place | null;
}

/**
 * Scans a layout that has a place for each subset. Training images without a label are unlabelled. Test images without a
 * folder of labels are left out, with a warning: public benchmarks keep theirs secret.
 *
 * @param places null for a subset that the dataset does not have
 * @param channels unless the classes specify them
 */
export async function scanSubsets(
  root: string,
  places: Record<Subset, SubsetPlaces | null>,
  own: ClassesFile,
  report: ScanReport,
  channels: Channels = DEFAULT_CHANNELS,
): Promise<Scan> {
  const { coding, codingText, classes, ignoreIndex, normalisation } = own;
  const scan = async (subset: Subset) => {
    const found = places[subset];
    if (!found || (subset === 'TEST' && lacksLabels(root, found, report))) return { labelled: [], unlabelled: [] };
    return pairFiles({ ...found, coding, partly: subset === 'TRAIN' }, report.problems);
  };
  const train = await scan('TRAIN');
  return {
    ...{ classes, ignoreIndex, normalisation, coding: codingText },
    channels: own.channels ?? channels,
    files: { TRAIN: train.labelled, VAL: (await scan('VAL')).labelled, TEST: (await scan('TEST')).labelled },
    unlabelled: train.unlabelled,
  };
}

function lacksLabels(root: string, { images, labels }: SubsetPlaces, { warnings }: ScanReport): boolean {
  if (existsSync(labels.folder)) return false;
  warnings.push(
    `${pathIn(root, images.folder)} is not used, because there are no labels in ${pathIn(root, labels.folder)}`,
  );
  return true;
}
