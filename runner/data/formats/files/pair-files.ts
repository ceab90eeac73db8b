import { basename, dirname, join } from 'node:path';
import type { ImageFiles } from './image-files.js';
import type { LabelCoding } from './label-coding.js';
import { listPlace, type Place } from './list-files.js';
import { NearNames } from './near-names.js';

/** Where the files of a subset are. */
export interface Pairing {
  images: Place;
  /** Null: none of the images has a label. */
  labels: Place | null;
  /** Null: there are none, or the image files hold them. */
  thermal: Place | null;
  coding: LabelCoding;
  /** Whether images may have no label. They are then unlabelled. */
  partly: boolean;
}

/** The images of a subset, those without a label apart. Both are sorted by path in code unit order. */
export interface Paired {
  labelled: ImageFiles[];
  unlabelled: ImageFiles[];
}

/** Matches the files of a subset by their ids. No file is opened. Adds files without a match to `problems`. */
export async function pairFiles(pairing: Pairing, problems: string[]): Promise<Paired> {
  const { coding, partly } = pairing;
  const images = await listPlace(pairing.images, problems);
  // undefined: not part of the layout; null: cannot be read.
  const listed = pairing.labels ? await listPlace(pairing.labels, problems) : undefined;
  const suffix = images && listed ? sharedSuffix(listed, images) : '';
  const labels = listed && new Map([...listed].map(([id, file]) => [id.slice(0, id.length - suffix.length), file]));
  const labelPlace = pairing.labels && { ...pairing.labels, suffix: pairing.labels.suffix ?? suffix };
  const thermals = pairing.thermal ? await listPlace(pairing.thermal, problems) : undefined;
  const paired: Paired = { labelled: [], unlabelled: [] };
  if (!images || labels === null || thermals === null) return paired;

  for (const [id, image] of images) {
    const label = labels?.get(id) ?? null;
    const thermal = thermals?.get(id) ?? null;
    const lacksLabel = labels !== undefined && !label && !partly;
    if (lacksLabel) problems.push(`${image}: has no label; expected ${expectedAt(labelPlace!, id)}`);
    if (thermals && !thermal)
      problems.push(`${image}: has no thermal image; expected ${expectedAt(pairing.thermal!, id)}`);
    if (lacksLabel || (thermals && !thermal)) continue;
    const to = labels === undefined || label ? paired.labelled : paired.unlabelled;
    to.push({ id, image, thermal, label, coding });
  }
  for (const others of [labels, thermals]) if (others) refuseWithoutImage(others, images, pairing.images, problems);
  if (images.size === 0 && !labels?.size) problems.push(`${pairing.images.folder}: contains no images`);
  if (labels && partly && images.size > 0 && paired.labelled.length === 0 && labels.size === 0)
    problems.push(`${pairing.labels!.folder}: contains no labels`);
  return paired;
}

/** What tools append to the names of all labels. */
const SUFFIXES = ['_mask', '_masks', '_label', '_labels', '_gt', '_seg', '_segmentation', '_labelTrainIds'];

/** The suffix that the ids of all labels have and those of images do not; empty if there is none. */
function sharedSuffix(labels: ReadonlyMap<string, string>, images: ReadonlyMap<string, string>): string {
  const ids = [...labels.keys()];
  return SUFFIXES.find((suffix) => ids.length > 0 && ids.every((id) => id.endsWith(suffix) && !images.has(id))) ?? '';
}

function refuseWithoutImage(
  files: ReadonlyMap<string, string>,
  images: ReadonlyMap<string, string>,
  place: Place,
  problems: string[],
): void {
  const alone = [...files].filter(([id]) => !images.has(id));
  if (alone.length === 0) return;
  const near = new NearNames([...images.keys()].filter((id) => !files.has(id)));
  for (const [id, file] of alone) {
    const nearest = near.to(id);
    const extensions = place.extensions.join(', ').replace(/, ([^,]+)$/, ' or $1');
    const expected = join(place.folder, dirname(id), basename(id) + (place.suffix ?? ''));
    problems.push(
      `${file}: has no image; expected ${expected} with the extension ${extensions}${nearest === null ? '' : `; if it belongs to ${images.get(nearest)}, rename one of them`}`,
    );
  }
}

/** Where the file of an id would be. */
export function expectedAt({ folder, suffix = '', extensions }: Place, id: string): string {
  const extension = extensions.includes('.png') ? '.png' : extensions[0]!;
  return join(folder, `${id}${suffix}${extension}`);
}
