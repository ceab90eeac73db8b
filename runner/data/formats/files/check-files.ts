import type { Subset } from '../../../tracking/tracker.js';
import type { DatasetDescriptor } from '../../dataset.js';
import { measuredNormalisation } from '../../images/normalisation.js';
import { describeDataset } from '../fingerprint.js';
import { type CheckProgress, checkImages } from './check-images.js';
import type { ImageFacts } from './facts.js';
import type { FilesDatasetOptions } from './files-options.js';
import { findingsOf } from './findings.js';
import { type ImageFiles, SUBSETS } from './image-files.js';

/** What the check of a dataset has found, even if it has not passed. */
export interface CheckResult {
  /** Null if the dataset has not passed. */
  descriptor: DatasetDescriptor | null;
  /** In the order of `imagesOf`; null for an image with a problem. */
  facts: (ImageFacts | null)[];
  /** Why it has not passed: every problem, with those of the scan. */
  problems: string[];
  /** Of the images without a problem. */
  warnings: string[];
}

/** All images of a dataset, with and without labels. */
export function imagesOf({ files, unlabelled }: Pick<FilesDatasetOptions, 'files' | 'unlabelled'>): ImageFiles[] {
  return [...SUBSETS.flatMap((subset) => files[subset]), ...unlabelled];
}

/** Checks all files, and looks at the dataset as a whole. */
export async function checkAll(options: FilesDatasetOptions, progress?: CheckProgress): Promise<CheckResult> {
  const images = imagesOf(options);
  const { channels, ignoreIndex, classes } = options;
  const decoding = { channels, ignoreIndex };
  const checked = await checkImages(images, { decoding, classes }, progress);
  const facts = checked.map((image) => ('facts' in image ? image.facts : null));
  const bad = [...options.problems, ...checked.flatMap((image) => ('problem' in image ? image.problem : []))];
  const known = new Map(images.flatMap((image, index) => (facts[index] ? [[image, facts[index]] as const] : [])));
  const findings = findingsOf(only(options, known), known);
  const warnings = [...options.warnings, ...findings.warnings];
  const failed = (problems: string[]): CheckResult => ({ descriptor: null, facts, problems, warnings });
  if (bad.length > 0) return failed(bad);
  if (findings.problems.length > 0) return failed(findings.problems);
  const descriptor = describe(options, known, warnings);
  return descriptor ? { descriptor, facts, problems: [], warnings } : failed([uniform(options)]);
}

/** The dataset without the images that have a problem. */
function only(options: FilesDatasetOptions, known: ReadonlyMap<ImageFiles, ImageFacts>): FilesDatasetOptions {
  const good = (images: readonly ImageFiles[]) => images.filter((image) => known.has(image));
  const { TRAIN, VAL, TEST } = options.files;
  const files = { TRAIN: good(TRAIN), VAL: good(VAL), TEST: good(TEST) };
  return { ...options, files, unlabelled: good(options.unlabelled) };
}

function uniform({ channels }: FilesDatasetOptions): string {
  const which = channels === 1 ? 'image' : 'thermal image';
  return `every ${which} of train has the same value in all pixels, so there is nothing to learn`;
}

/** Null if the images cannot be normalised, because they are uniform. */
function describe(
  options: FilesDatasetOptions,
  facts: ReadonlyMap<ImageFiles, ImageFacts>,
  warnings: readonly string[],
): DatasetDescriptor | null {
  const { name, kind, channels, files, unlabelled } = options;
  const sums = [...files.TRAIN, ...unlabelled].flatMap((image) => facts.get(image)!.sums ?? []);
  const normalisation = options.normalisation ?? measuredNormalisation(channels, sums);
  if (!normalisation) return null;
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
