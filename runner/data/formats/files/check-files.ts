import { availableParallelism } from 'node:os';
import type { Subset } from '../../../tracking/tracker.js';
import type { DatasetDescriptor } from '../../dataset.js';
import { DatasetError } from '../../dataset-error.js';
import { measuredNormalisation } from '../../images/normalisation.js';
import { describeDataset } from '../fingerprint.js';
import { factsOf, type ImageFacts } from './facts.js';
import type { FilesDatasetOptions } from './files-options.js';
import { findingsOf } from './findings.js';
import { FileProblem, type ImageFiles, SUBSETS } from './image-files.js';

/** A dataset that has passed the check. */
export interface Checked {
  descriptor: DatasetDescriptor;
  /** In the order of `imagesOf`. */
  facts: ImageFacts[];
}

/** All images of a dataset, with and without labels. */
export function imagesOf({ files, unlabelled }: Pick<FilesDatasetOptions, 'files' | 'unlabelled'>): ImageFiles[] {
  return [...SUBSETS.flatMap((subset) => files[subset]), ...unlabelled];
}

/** Checks all files. @throws DatasetError that lists every problem, with those of the scan */
export async function checkAll(options: FilesDatasetOptions): Promise<Checked> {
  const subject = `dataset "${options.name}" in ${options.directory}`;
  const images = imagesOf(options);
  const { facts, problems: bad } = await checkEach(images, options);
  const problems = [...options.problems, ...bad];
  if (problems.length > 0) throw new DatasetError(subject, problems);

  const known = new Map(images.map((image, index) => [image, facts[index]!]));
  const findings = findingsOf(options, known);
  if (findings.problems.length > 0) throw new DatasetError(subject, findings.problems);
  const warnings = [...options.warnings, ...findings.warnings];
  return { descriptor: describe(options, subject, known, warnings), facts };
}

function describe(
  options: FilesDatasetOptions,
  subject: string,
  facts: ReadonlyMap<ImageFiles, ImageFacts>,
  warnings: readonly string[],
): DatasetDescriptor {
  const { name, kind, channels, files, unlabelled } = options;
  const sums = [...files.TRAIN, ...unlabelled].flatMap((image) => facts.get(image)!.sums ?? []);
  const normalisation = options.normalisation ?? measuredNormalisation(channels, sums);
  if (!normalisation) {
    const which = channels === 1 ? 'image' : 'thermal image';
    throw new DatasetError(subject, [
      `every ${which} of train has the same value in all pixels, so there is nothing to learn`,
    ]);
  }
  const idsOf = (images: readonly ImageFiles[]) => images.map(({ id }) => id);
  const ids = { TRAIN: idsOf(files.TRAIN), VAL: idsOf(files.VAL), TEST: idsOf(files.TEST) };
  const digests = (images: readonly ImageFiles[]) =>
    new Map(images.map((image) => [image.id, facts.get(image)!.digest]));
  const bySubset = {
    TRAIN: digests([...files.TRAIN, ...unlabelled]),
    VAL: digests(files.VAL),
    TEST: digests(files.TEST),
  };
  const digest = (subset: Subset, id: string) => bySubset[subset].get(id)!;
  const contents = { ...options, normalisation, ids, unlabelledIds: idsOf(unlabelled), digest };
  return { ...describeDataset(name, kind, contents), warnings: [...warnings] };
}

/** Checks all images, one per core at a time. The facts and problems are in the order of the images. */
async function checkEach(
  images: readonly ImageFiles[],
  options: FilesDatasetOptions,
): Promise<{ facts: ImageFacts[]; problems: string[] }> {
  const facts: ImageFacts[] = [];
  const problems: (string | undefined)[] = [];
  const decoding = { ...options, upright: false };
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < images.length) {
      const index = next++;
      try {
        facts[index] = await factsOf(images[index]!, decoding, options.classes);
      } catch (error) {
        if (!(error instanceof FileProblem)) throw error;
        problems[index] = error.message;
      }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return { facts, problems: problems.filter((problem) => problem !== undefined) };
}
