import { availableParallelism } from 'node:os';
import type { Subset } from '../../../tracking/tracker.js';
import type { Dataset, DatasetDescriptor } from '../../dataset.js';
import { DatasetError } from '../../dataset-error.js';
import { type ChannelSums, measuredNormalisation, sumLastChannel } from '../../images/normalisation.js';
import { describeDataset } from '../fingerprint.js';
import { recall, remember, stampOf } from './checked-datasets.js';
import type { CheckedDatasets, FilesDatasetOptions, Opening } from './files-options.js';
import { FileProblem, type ImageFiles, SUBSETS } from './image-files.js';
import { decodeFiles, digestOf, readFiles } from './read-files.js';

/** The result of checking the files of one image. */
interface Checked {
  digest: string;
  sums: ChannelSums | null;
}

/**
 * Opens a dataset of files. Decodes and checks every file first, so that a damaged one is found now and not in the
 * middle of a run, unless `opening` says that they have been checked. The bytes of every file become part of the
 * fingerprint.
 *
 * @throws DatasetError that lists every problem.
 */
export async function openFiles(options: FilesDatasetOptions, opening: Opening): Promise<Dataset> {
  const { name, directory, files, unlabelled } = options;
  const { known, checked } = opening;
  const subject = `dataset "${name}" in ${directory}`;
  if (known) requireKnown(options, known, subject);
  const check = () => checkAndDescribe(options, subject, ids, images);
  const images = {
    TRAIN: byId([...files.TRAIN, ...unlabelled]),
    VAL: byId(files.VAL),
    TEST: byId(files.TEST),
  };
  const ids = { TRAIN: idsOf(files.TRAIN), VAL: idsOf(files.VAL), TEST: idsOf(files.TEST) };
  return {
    descriptor: known ?? (await (checked ? checkUnlessRemembered(options, checked, check) : check())),
    ids: (subset) => ids[subset],
    unlabelledIds: idsOf(unlabelled),
    async load(subset, id) {
      const image = images[subset].get(id);
      if (!image) throw new RangeError(`dataset "${name}" has no ${subset} image "${id}"`);
      // Checks the file again, because it may have changed.
      return decodeFiles(image, await readFiles(image), options);
    },
  };
}

/** The classes must not have changed since the dataset was opened, because the network is built for them. */
function requireKnown(options: FilesDatasetOptions, known: DatasetDescriptor, subject: string): void {
  if (options.problems.length > 0) throw new DatasetError(subject, options.problems);
  const words = ({ classes, ignoreIndex }: Pick<FilesDatasetOptions, 'classes' | 'ignoreIndex'>) =>
    `${classes.map(({ name }) => name).join(', ')} with ignore index ${ignoreIndex}`;
  if (words(options) === words(known)) return;
  throw new DatasetError(subject, [
    `its classes have changed since the run began: they were ${words(known)} and are now ${words(options)}; ` +
      'do not change a dataset while runs train on it',
  ]);
}

async function checkUnlessRemembered(
  options: FilesDatasetOptions,
  checked: CheckedDatasets,
  check: () => Promise<DatasetDescriptor>,
): Promise<DatasetDescriptor> {
  // Taken before the files are read, so that a file that changes during the check is noticed next time.
  const stamp = options.problems.length > 0 ? null : await stampOf(options);
  if (!stamp) return check();
  const remembered = await recall(checked, options, stamp);
  if (remembered) return remembered;
  const descriptor = await check();
  await remember(checked, options, stamp, descriptor);
  return descriptor;
}

async function checkAndDescribe(
  options: FilesDatasetOptions,
  subject: string,
  ids: Readonly<Record<Subset, readonly string[]>>,
  images: Readonly<Record<Subset, ReadonlyMap<string, ImageFiles>>>,
): Promise<DatasetDescriptor> {
  const { name, kind, classes, ignoreIndex, channels, files, unlabelled } = options;
  const { checked, problems: bad } = await checkAll(
    [...SUBSETS.flatMap((subset) => files[subset]), ...unlabelled],
    options,
  );
  const problems = [...options.problems, ...bad];
  if (problems.length > 0) throw new DatasetError(subject, problems);

  const trainedOn = [...files.TRAIN, ...unlabelled];
  const sums = trainedOn.flatMap((image) => checked.get(image)!.sums ?? []);
  const normalisation = options.normalisation ?? measuredNormalisation(channels, sums);
  if (!normalisation) {
    const which = channels === 1 ? 'image' : 'thermal image';
    throw new DatasetError(subject, [
      `every ${which} of train has the same value in all pixels, so there is nothing to learn`,
    ]);
  }
  const digest = (subset: Subset, id: string) => checked.get(images[subset].get(id)!)!.digest;
  const unlabelledIds = idsOf(unlabelled);
  return describeDataset(name, kind, { classes, ignoreIndex, channels, normalisation, ids, unlabelledIds, digest });
}

function byId(images: readonly ImageFiles[]): Map<string, ImageFiles> {
  return new Map(images.map((image) => [image.id, image]));
}

function idsOf(images: readonly ImageFiles[]): string[] {
  return images.map(({ id }) => id);
}

type Values = Pick<FilesDatasetOptions, 'channels' | 'ignoreIndex'>;

async function checkOne(files: ImageFiles, values: Values): Promise<Checked> {
  const { channels } = values;
  const bytes = await readFiles(files);
  const { pixels } = await decodeFiles(files, bytes, values);
  return { digest: digestOf(bytes), sums: channels === 3 ? null : sumLastChannel(pixels, channels) };
}

/** Checks all images, one per core at a time. The problems are in the order of the images. */
async function checkAll(
  images: readonly ImageFiles[],
  values: Values,
): Promise<{ checked: Map<ImageFiles, Checked>; problems: string[] }> {
  const checked = new Map<ImageFiles, Checked>();
  const problems: (string | undefined)[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < images.length) {
      const index = next++;
      const image = images[index]!;
      try {
        checked.set(image, await checkOne(image, values));
      } catch (error) {
        if (!(error instanceof FileProblem)) throw error;
        problems[index] = error.message;
      }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return { checked, problems: problems.filter((problem) => problem !== undefined) };
}
