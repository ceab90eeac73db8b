import type { Subset } from '../../../tracking/tracker.js';
import type { Dataset, DatasetDescriptor } from '../../dataset.js';
import { DatasetError } from '../../dataset-error.js';
import { asList, countPixels } from '../../images/class-counts.js';
import { type Checked, checkForRuns, type RunCheck } from './checked-datasets.js';
import type { FilesDatasetOptions, Opening } from './files-options.js';
import type { ImageFiles } from './image-files.js';
import { decodeFiles, decodeFitting, readFiles } from './read-files.js';
import type { RunFacts } from './run-facts.js';

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
  const checked = known ? null : passed(options, await checkForRuns(options, opening));
  let counts = checked && new Map(ids.TRAIN.map((id, index) => [id, checked.facts.pixels[index]!]));
  const find = (subset: Subset, id: string): ImageFiles => {
    const image = images[subset].get(id);
    if (!image) throw new RangeError(`dataset "${name}" has no ${subset} image "${id}"`);
    return image;
  };
  const count = async (id: string) => {
    const image = find('TRAIN', id);
    return countPixels((await decodeFitting(image, await readFiles(image), options)).labels, classes.length);
  };
  return {
    descriptor: known ?? checked!.descriptor,
    ids: (subset) => ids[subset],
    unlabelledIds: idsOf(unlabelled),
    async load(subset, id, upright = false) {
      const image = find(subset, id);
      // Checks the file again, because it may have changed.
      return decodeFiles(image, await readFiles(image), { ...options, upright });
    },
    async classPixels(id) {
      return asList(counts?.get(id) ?? (await count(id)), classes.length);
    },
    tagged: checked?.facts.tagged ?? [],
    forgetCounts() {
      counts = null;
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
function passed({ name, directory }: FilesDatasetOptions, { checked, problems }: RunCheck): Checked<RunFacts> {
  if (!checked) throw new DatasetError(`dataset "${name}" in ${directory}`, problems);
  return checked;
}

function byId(images: readonly ImageFiles[]): Map<string, ImageFiles> {
  return new Map(images.map((image) => [image.id, image]));
}

function idsOf(images: readonly ImageFiles[]): string[] {
  return images.map(({ id }) => id);
}
