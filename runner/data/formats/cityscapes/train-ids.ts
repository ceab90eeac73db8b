import { basename, dirname } from 'node:path';
import { counted, listed } from '../../words.js';
import type { ImageFacts } from '../files/facts.js';
import type { ImageFiles } from '../files/image-files.js';
import type { ScanReport } from '../layout.js';
import { CITYSCAPES_CLASSES, LABEL_IDS, LICENCE_PLATE } from './classes.js';

type Facts = ReadonlyMap<ImageFiles, ImageFacts>;

/** Fewer labels may hold only classes with small ids by chance. */
const LEAST_LABELS = 2;
/** Ids that a message names. */
const LISTED = 5;

/**
 * Scripts of other codes write train ids over the files *_labelIds.png, where they mean other classes: 13 is a wall there and a car
 * here. Real label ids go up to 33, and cars, sky or vegetation, which have ids above 18, are in almost every image. So a group of
 * labels without any of those is refused, and a single one only looks wrong.
 */
export function trainIdsAsLabelIds(facts: Facts): ScanReport {
  const all = [...facts.keys()].filter((files) => files.coding === LABEL_IDS && files.label !== null);
  // Somebody may have converted one subset, or some of its cities.
  const groups = [all, ...groupsBy(all, subsetOf), ...groupsBy(all, cityOf)];
  const converted = groups.filter((images) => images.length >= LEAST_LABELS && holdTrainIds(images, facts));
  const refused = [...new Set(converted.flat())];
  if (refused.length > 0) return { problems: [refusal(refused, all, facts)], warnings: [] };
  const single = all.filter((image) => holdTrainIds([image], facts));
  return { problems: [], warnings: single.length > 0 ? [doubt(single, facts)] : [] };
}

function refusal(refused: readonly ImageFiles[], all: readonly ImageFiles[], facts: Facts): string {
  const which = refused.length === all.length ? `the ${all.length}` : `${refused.length} of the ${all.length}`;
  return (
    `${which} labels *_gtFine_labelIds.png hold only the values ${idsIn(refused, facts).join(', ')}, which are train ids, ` +
    `not label ids (0 to 33): rename them to *_gtFine_labelTrainIds.png, such as ${newName(refused[0]!)}, ` +
    'or restore the files of the archive'
  );
}

function doubt(single: readonly ImageFiles[], facts: Facts): string {
  const names = single.map(({ id }) => id);
  return (
    `${counted(single.length, 'label')} named *_gtFine_labelIds.png with only values below ${CITYSCAPES_CLASSES.length} ` +
    `(${listed(names, LISTED)}), as train ids have: ${idsIn(single, facts).join(', ')}; in label ids, they mean other classes. ` +
    `If they are train ids, rename such files, for example to ${newName(single[0]!)}`
  );
}

const newName = ({ label }: ImageFiles): string => basename(label!).replace('labelIds', 'labelTrainIds');
const cityOf = ({ label }: ImageFiles): string => dirname(label!);
const subsetOf = (files: ImageFiles): string => dirname(cityOf(files));

function groupsBy(all: readonly ImageFiles[], keyOf: (files: ImageFiles) => string): ImageFiles[][] {
  const groups = new Map(all.map((files) => [keyOf(files), [] as ImageFiles[]]));
  for (const files of all) groups.get(keyOf(files))!.push(files);
  return [...groups.values()];
}

function holdTrainIds(images: readonly ImageFiles[], facts: Facts): boolean {
  const ids = idsIn(images, facts);
  return ids.length > 0 && ids.at(-1)! < CITYSCAPES_CLASSES.length;
}

/** The values in the labels, ascending, without the one of licence plates, which are ignored with both kinds of ids. */
function idsIn(images: readonly ImageFiles[], facts: Facts): number[] {
  const values = new Set(images.flatMap((image) => facts.get(image)!.values ?? []));
  return [...values].filter((value) => value !== LICENCE_PLATE).sort((a, b) => a - b);
}
