import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Subset } from '../../../tracking/tracker.js';
import type { ClassesFile } from '../classes-file.js';
import { IMAGE_EXTENSIONS, LABEL_EXTENSIONS } from '../files/image-files.js';
import type { Place } from '../files/list-files.js';
import { type SubsetPlaces, scanSubsets } from '../files/scan-subsets.js';
import { subsetFolder, usualName } from '../files/subset-folders.js';
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
  const within = subsets?.map((subset) => join(images, subset)) ?? [images];
  return {
    kind,
    mark: `${within.join(' or ')} with ${labels}`,
    recognises: (folder) => existsSync(join(folder, labels)) && within.some((path) => existsSync(join(folder, path))),
    scan: async (folder, report) => ({ ...(await scanTrees(folder, { images, labels, classes }, report)), isThermal }),
  };
}

/** Scans a folder of images and one of labels, each with a folder for each subset. */
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
  return scanSubsets(places, own, report);
}
