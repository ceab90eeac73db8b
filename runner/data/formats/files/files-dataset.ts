import type { Subset } from '../../../tracking/tracker.js';
import type { Dataset, DatasetDescriptor } from '../../dataset.js';
import { DatasetError } from '../../dataset-error.js';
import { type Checked, type CheckResult, imagesOf } from './check-files.js';
import { checkUnlessRemembered } from './checked-datasets.js';
import { countPixels } from './facts.js';
import type { FilesDatasetOptions, Opening } from './files-options.js';
import type { ImageFiles } from './image-files.js';
import { decodeFiles, readFiles } from './read-files.js';

/**
 * Opens a dataset of files. Decodes and checks every file first, so that a damaged one is found now and not in the
 * middle of a run, unless `opening` says that they have been checked. The bytes of every file become part of the
 * fingerprint.
 *
 * @throws DatasetError that lists every problem.
 */
export async function openFiles(options: FilesDatasetOptions, opening: Opening): Promise<Dataset> {
  const { name, files, unlabelled, classes } = options;
  const { known } = opening;
  if (known) requireKnown(options, known);
  const images: Record<Subset, Map<string, ImageFiles>> = {
    TRAIN: byId([...files.TRAIN, ...unlabelled]),
    VAL: byId(files.VAL),
    TEST: byId(files.TEST),
  };
  const ids = { TRAIN: idsOf(files.TRAIN), VAL: idsOf(files.VAL), TEST: idsOf(files.TEST) };
  const result = known ? null : passed(options, await checkUnlessRemembered(options, opening));
  const facts = result && new Map(imagesOf(options).map((image, index) => [image, result.facts[index]!]));
  const load = async (subset: Subset, id: string, upright = false) => {
    const image = images[subset].get(id);
    if (!image) throw new RangeError(`dataset "${name}" has no ${subset} image "${id}"`);
    // Checks the file again, because it may have changed.
    return decodeFiles(image, await readFiles(image), { ...options, upright });
  };
  return {
    descriptor: known ?? result!.descriptor,
    ids: (subset) => ids[subset],
    unlabelledIds: idsOf(unlabelled),
    load,
    async classPixels(id) {
      const image = images.TRAIN.get(id);
      const found = image && facts?.get(image);
      return found?.pixels ?? countPixels((await load('TRAIN', id, found?.isTurned)).labels, classes.length);
    },
  };
}

/** The classes must not have changed since the dataset was opened, because the network is built for them. */
function requireKnown(options: FilesDatasetOptions, known: DatasetDescriptor): void {
  const subject = `dataset "${options.name}" in ${options.directory}`;
  if (options.problems.length > 0) throw new DatasetError(subject, options.problems);
  const words = ({ classes, ignoreIndex }: Pick<FilesDatasetOptions, 'classes' | 'ignoreIndex'>) =>
    `${classes.map(({ name }) => name).join(', ')} with ignore index ${ignoreIndex}`;
  if (words(options) === words(known)) return;
  throw new DatasetError(subject, [
    `its classes have changed since the run began: they were ${words(known)} and are now ${words(options)}; ` +
      'do not change a dataset while runs train on it',
  ]);
}

/** @throws DatasetError if the dataset has not passed the check */
function passed({ name, directory }: FilesDatasetOptions, { descriptor, facts, problems }: CheckResult): Checked {
  if (!descriptor) throw new DatasetError(`dataset "${name}" in ${directory}`, problems);
  return { descriptor, facts: facts as Checked['facts'] };
}

function byId(images: readonly ImageFiles[]): Map<string, ImageFiles> {
  return new Map(images.map((image) => [image.id, image]));
}

function idsOf(images: readonly ImageFiles[]): string[] {
  return images.map(({ id }) => id);
}
