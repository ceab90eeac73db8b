import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Subset } from '../../../tracking/tracker.js';
import { DatasetError } from '../../dataset-error.js';
import type { ClassesFile } from '../classes-file.js';
import { IMAGE_EXTENSIONS, LABEL_EXTENSIONS, SUBSETS } from '../files/image-files.js';
import { type SubsetPlaces, scanSubsets } from '../files/scan-subsets.js';
import { subsetFolder } from '../files/subset-folders.js';
import { scanUnlabelled } from '../files/unlabelled.js';
import type { Layout, ScanReport } from '../layout.js';
import { ownClasses } from '../own-classes.js';
import { readClassTable } from './class-table.js';

const TABLE = '_classes.csv';
const MASK = '_mask';

/** Roboflow's "Semantic Segmentation Masks" (png-mask-semantic): images, masks and a table of classes in one folder a subset. */
export const ROBOFLOW: Layout = {
  kind: 'roboflow',
  mark: `train/${TABLE}`,
  recognises: (folder) => ['train', 'valid', 'test'].some((each) => existsSync(join(folder, each, TABLE))),
  async scan(folder, report) {
    const folders = {} as Record<Subset, string | null>;
    for (const subset of SUBSETS) {
      const name = subsetFolder(folder, subset, report.problems);
      folders[subset] = name === null && subset === 'TRAIN' ? join(folder, 'train') : name && join(folder, name);
    }
    const own = (await ownClasses(folder)) ?? (await commonClasses(Object.values(folders), report));
    const places = { TRAIN: placesIn(folders.TRAIN), VAL: placesIn(folders.VAL), TEST: placesIn(folders.TEST) };
    const scan = await scanSubsets(folder, places, own, report);
    const train = [...scan.files.TRAIN, ...scan.unlabelled];
    const apart = await scanUnlabelled([folder], { train, coding: own.coding }, report.problems);
    return { ...scan, unlabelled: [...scan.unlabelled, ...apart] };
  },
};

function placesIn(folder: string | null): SubsetPlaces | null {
  if (folder === null) return null;
  return {
    images: { folder, extensions: IMAGE_EXTENSIONS, exceptSuffix: MASK, othersAllowed: true },
    labels: { folder, extensions: LABEL_EXTENSIONS, suffix: MASK, othersAllowed: true },
    thermal: null,
  };
}

/** The classes of the first table. The other subsets must have the same. */
async function commonClasses(folders: readonly (string | null)[], { problems }: ScanReport): Promise<ClassesFile> {
  const files = folders.flatMap((each) => (each === null ? [] : join(each, TABLE))).filter((file) => existsSync(file));
  const [first, ...others] = await Promise.all(files.map(async (file) => ({ file, own: await readClassTable(file) })));
  if (!first) throw new DatasetError(folders[0]!, [`has no ${TABLE}`]);
  const words = ({ classes, codingText }: ClassesFile) => `${classes.map(({ name }) => name).join(', ')} ${codingText}`;
  for (const { file } of others.filter((each) => words(each.own) !== words(first.own)))
    problems.push(`${file}: lists other classes or values than ${first.file}`);
  return first.own;
}
