import { basename, dirname } from 'node:path';
import type { ImageFacts } from '../files/facts.js';
import type { ImageFiles } from '../files/image-files.js';
import { CITYSCAPES_CLASSES, LABEL_IDS, LICENCE_PLATE } from './classes.js';

/** Fewer labels may hold only classes with small ids by chance. */
const LEAST_LABELS = 2;

/**
 * Scripts of other codes write train ids over the files *_labelIds.png, where they mean other classes: 13 is a wall there and a car
 * here. Real label ids go up to 33, and cars, sky or vegetation, which have ids above 18, are in almost every image.
 */
export function trainIdsAsLabelIds(facts: ReadonlyMap<ImageFiles, ImageFacts>): string[] {
  const all = [...facts.keys()].filter((files) => files.coding === LABEL_IDS && files.label !== null);
  // Somebody may have converted one subset, or some of its cities.
  const groups = [all, ...groupsBy(all, subsetOf), ...groupsBy(all, cityOf)];
  const suspects = [...new Set(groups.filter((images) => holdTrainIds(images, facts)).flat())];
  const [first] = suspects;
  if (!first) return [];
  const which = suspects.length === all.length ? `the ${all.length}` : `${suspects.length} of the ${all.length}`;
  return [
    `${which} labels *_gtFine_labelIds.png hold only the values ${idsIn(suspects, facts).join(', ')}, which are train ids, ` +
      `not label ids (0 to 33): rename them to *_gtFine_labelTrainIds.png, such as ${basename(first.label!).replace('labelIds', 'labelTrainIds')}, ` +
      'or restore the files of the archive',
  ];
}

const cityOf = ({ label }: ImageFiles): string => dirname(label!);
const subsetOf = (files: ImageFiles): string => dirname(cityOf(files));

function groupsBy(all: readonly ImageFiles[], keyOf: (files: ImageFiles) => string): ImageFiles[][] {
  const groups = new Map(all.map((files) => [keyOf(files), [] as ImageFiles[]]));
  for (const files of all) groups.get(keyOf(files))!.push(files);
  return [...groups.values()];
}

function holdTrainIds(images: readonly ImageFiles[], facts: ReadonlyMap<ImageFiles, ImageFacts>): boolean {
  const ids = idsIn(images, facts);
  return images.length >= LEAST_LABELS && ids.length > 0 && ids.at(-1)! < CITYSCAPES_CLASSES.length;
}

/** The values in the labels, ascending, without the one of licence plates, which are ignored with both kinds of ids. */
function idsIn(images: readonly ImageFiles[], facts: ReadonlyMap<ImageFiles, ImageFacts>): number[] {
  const values = new Set(images.flatMap((image) => facts.get(image)!.values ?? []));
  return [...values].filter((value) => value !== LICENCE_PLATE).sort((a, b) => a - b);
}
