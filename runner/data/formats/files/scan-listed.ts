import { dirname, join, relative } from 'node:path';
import type { Subset } from '../../../tracking/tracker.js';
import type { Channels } from '../../images/pixels.js';
import { pathIn } from '../../words.js';
import { type ClassesFile, DEFAULT_CHANNELS } from '../classes-file.js';
import type { Scan, ScanReport } from '../layout.js';
import { type IdList, readIdList, refuseShared, refuseUnknown } from './id-list.js';
import { IMAGE_EXTENSIONS, type ImageFiles, LABEL_EXTENSIONS, SUBSETS } from './image-files.js';
import { KnownIds, type ListEntry, nameOf } from './list-entries.js';
import type { Place } from './list-files.js';
import { expectedAt, pairFiles } from './pair-files.js';
import { SubsetLists } from './subset-lists.js';
import { scanUnlabelled } from './unlabelled.js';

/** What make_flip.py of MFNet appends to the names of the pictures that it mirrors, which its list names even without the files. */
const MIRRORED = /_flip$/;

export interface Listed {
  /** The folder of the dataset. */
  root: string;
  /** The folder of the lists; by default, the root. */
  listFolder?: string;
  /** A list of more training images, by its name without ".txt". */
  moreTrain?: string;
  images: Place;
  labels: Place;
  own: ClassesFile;
  /** Unless the classes specify them. */
  channels?: Channels;
  /** Whether entries for mirrored pictures are left out, with a warning, if there are no such files. */
  mirroredAllowed?: boolean;
}

export function listedPlaces(root: string, images: string, labels: string): Pick<Listed, 'root' | 'images' | 'labels'> {
  return {
    root,
    images: { folder: join(root, images), extensions: IMAGE_EXTENSIONS },
    labels: { folder: join(root, labels), extensions: LABEL_EXTENSIONS },
  };
}

/**
 * Scans a folder of images and one of labels, with the subsets in list files. Without train.txt, all images in no other list
 * are training images. With it, images in no list are unlabelled if they have no label; otherwise, they are left out, with a
 * warning.
 */
export async function scanListed(listed: Listed, report: ScanReport): Promise<Scan> {
  const { root, images, labels, own, channels = DEFAULT_CHANNELS } = listed;
  const { problems } = report;
  const pairing = { images, labels, thermal: null, coding: own.coding, partly: true };
  const { labelled, unlabelled } = await pairFiles(pairing, problems);
  const all = new Map([...labelled, ...unlabelled].map((image) => [image.id, image]));
  const known = new KnownIds(all.keys());
  const lists = new SubsetLists(listed.listFolder ?? root);
  lists.refuseSeveral(problems);
  const read = async (names: readonly string[]): Promise<[file: string, ids: string[]][]> => {
    const files = names.flatMap((name) => lists.find(name) ?? []);
    const idsOf = async (file: string) =>
      existing(await readIdList(file, known, problems), known, { ...listed, file }, report);
    return Promise.all(files.map(async (file) => [file, await idsOf(file)]));
  };
  const trainNames = listed.moreTrain === undefined ? ['train'] : ['train', listed.moreTrain];
  const found = { TRAIN: await read(trainNames), VAL: await read(['val']), TEST: await read(['test']) };
  const allLists = SUBSETS.flatMap((subset) => found[subset]);
  refuseShared(allLists, problems);
  const listedIds = (subset: Subset) => found[subset].flatMap(([, ids]) => ids);
  const elsewhere = new Set(allLists.flatMap(([, ids]) => ids));
  const others = [...all.keys()].filter((id) => !elsewhere.has(id));
  const of = (ids: readonly string[]) => ids.map((id) => all.get(id)!);
  const isLabelled = ({ label }: ImageFiles) => label !== null;
  const hasTrainList = found.TRAIN.length > 0;
  const train = of(hasTrainList ? listedIds('TRAIN') : others);
  const spare = hasTrainList ? of(others) : [];
  warnLeftOut(spare.filter(isLabelled), relative(root, found.TRAIN[0]?.[0] ?? ''), report);
  const evaluated = (subset: Subset) => of(listedIds(subset)).filter((image) => requireLabel(image, labels, problems));
  const parents = [...new Set([root, dirname(images.folder)])];
  const apart = await scanUnlabelled(parents, { train: [...train, ...spare], coding: own.coding }, problems);
  return {
    ...{ classes: own.classes, ignoreIndex: own.ignoreIndex, normalisation: own.normalisation, coding: own.codingText },
    channels: own.channels ?? channels,
    files: { TRAIN: train.filter(isLabelled), VAL: evaluated('VAL'), TEST: evaluated('TEST') },
    unlabelled: [...[...train, ...spare].filter((image) => !isLabelled(image)), ...apart],
  };
}

function warnLeftOut(images: readonly ImageFiles[], list: string, { warnings }: ScanReport): void {
  if (images.length === 0) return;
  const { length } = images;
  const [are, such, them] = length === 1 ? ['image is', '', 'it'] : ['images are', 'such as ', 'them'];
  warnings.push(
    `${length} labelled ${are} in no list and not used (${such}${images[0]!.id}); to train on ${them}, add ${them} to ${list}`,
  );
}

/** The ids of a list that have an image. */
function existing(
  { ids, unknown }: IdList,
  known: KnownIds,
  { root, images, mirroredAllowed = false, file }: Listed & { file: string },
  { problems, warnings }: ScanReport,
): string[] {
  const isMirrored = ({ line }: ListEntry) => mirroredAllowed && MIRRORED.test(nameOf(line));
  const mirrored = unknown.filter(isMirrored).map(({ line }) => nameOf(line));
  if (mirrored.length > 0) {
    warnings.push(
      `${pathIn(root, file)}: entries without files are left out (${mirrored.length}, such as ${mirrored[0]}): they are mirrored copies, which ` +
        'training does not need, since it mirrors pictures itself',
    );
  }
  const missing = unknown.filter((entry) => !isMirrored(entry));
  refuseUnknown(file, missing, { known, folder: images.folder }, problems);
  return ids;
}

function requireLabel({ id, image, label }: ImageFiles, labels: Place, problems: string[]): boolean {
  if (label === null) problems.push(`${image}: has no label; expected ${expectedAt(labels, id)}`);
  return label !== null;
}
