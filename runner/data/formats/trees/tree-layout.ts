import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Subset } from '../../../tracking/tracker.js';
import { listed } from '../../words.js';
import type { ClassesFile } from '../classes-file.js';
import { IMAGE_EXTENSIONS, LABEL_EXTENSIONS, SUBSETS } from '../files/image-files.js';
import { listFolder, type Place } from '../files/list-files.js';
import { type SubsetPlaces, scanSubsets } from '../files/scan-subsets.js';
import { hasSubsetFolders, subsetFolder, usualName } from '../files/subset-folders.js';
import { scanUnlabelled, UNLABELLED } from '../files/unlabelled.js';
import type { Layout, Scan, ScanReport } from '../layout.js';
import { requireClasses } from '../own-classes.js';

/** A layout of two trees, of images and of labels, each with a folder for each subset. */
export interface TreeSpec {
  kind: string;
  /** The folder of the images. */
  images: string;
  /** The folder of the labels. */
  labels: string;
  /** What a published dataset calls the folders of its subsets, to tell its trees from others; null if any name will do. */
  subsets: readonly string[] | null;
  /** See Scan. */
  isThermal?: boolean;
  /** Reads the classes. By default, the owner must have listed them. */
  classes?: (root: string, labels: readonly Place[]) => Promise<ClassesFile>;
}

export function treeLayout({ kind, images, labels, subsets, ...more }: TreeSpec): Layout {
  const { isThermal = false, classes = requireClasses } = more;
  const within = subsets?.map((subset) => join(images, subset)) ?? [join(images, usualName('TRAIN'))];
  const hasSubsets = (folder: string) =>
    subsets ? within.some((path) => existsSync(join(folder, path))) : hasSubsetFolders(join(folder, images));
  return {
    kind,
    mark: `${within.join(' or ')} with ${labels}`,
    recognises: (folder) => existsSync(join(folder, labels)) && hasSubsets(folder),
    scan: async (folder, report) => ({ ...(await scanTrees(folder, { images, labels, classes }, report)), isThermal }),
  };
}

/** Stray files and folders that a warning names. */
const LISTED = 5;

/**
 * Scans a folder of images and one of labels, each with a folder for each subset. What else they hold is not read, with a
 * warning, unless it is images without labels.
 */
export async function scanTrees(
  root: string,
  { images, labels, classes }: Required<Pick<TreeSpec, 'images' | 'labels' | 'classes'>>,
  report: ScanReport,
): Promise<Scan> {
  const placesOf = (subset: Subset): SubsetPlaces | null => {
    const name = subsetFolder(join(root, images), subset, report.problems);
    if (name === null && subset !== 'TRAIN') return null;
    const labelName = subsetFolder(join(root, labels), subset, report.problems);
    return {
      images: { folder: join(root, images, name ?? usualName(subset)), extensions: IMAGE_EXTENSIONS },
      labels: { folder: join(root, labels, labelName ?? name ?? usualName(subset)), extensions: LABEL_EXTENSIONS },
      thermal: null,
    };
  };
  const places = { TRAIN: placesOf('TRAIN'), VAL: placesOf('VAL'), TEST: placesOf('TEST') };
  const own = await classes(
    root,
    Object.values(places).flatMap((found) => found?.labels ?? []),
  );
  const scan = await scanSubsets(root, places, own, report);
  const read = SUBSETS.flatMap((subset) => (places[subset] ? [places[subset].images, places[subset].labels] : []));
  const isRead = new Set([...read.map(({ folder }) => folder), ...UNLABELLED.map((name) => join(root, images, name))]);
  const stray = [...(await pathsIn(root, images)), ...(await pathsIn(root, labels))];
  const left = stray.filter((path) => !isRead.has(join(root, path)));
  if (left.length > 0) {
    report.warnings.push(
      `only the folders of subsets and unlabelled/ are read, so these are not: ${listed(left, LISTED)}`,
    );
  }
  const train = [...scan.files.TRAIN, ...scan.unlabelled];
  const apart = await scanUnlabelled([root, join(root, images)], { train, coding: own.coding }, report.problems);
  return { ...scan, unlabelled: [...scan.unlabelled, ...apart] };
}

/** The folders and pictures in a folder of a dataset. */
async function pathsIn(root: string, folder: string): Promise<string[]> {
  const entries = (await listFolder(join(root, folder), [])) ?? [];
  const shown = entries.filter(
    ({ name, isFolder }) => isFolder || IMAGE_EXTENSIONS.includes(extname(name).toLowerCase()),
  );
  return shown.map(({ name }) => join(folder, name));
}
