import type { TaggedImage } from './dataset.js';
import { counted, listed } from './words.js';

/** Ids that a message names. */
const LISTED = 5;

/**
 * What to say about images with an orientation tag while it is not applied; nothing if every label fits only the stored picture,
 * because then it must not be applied.
 */
export function orientationWarnings(tagged: readonly TaggedImage[]): string[] {
  const [first] = tagged;
  if (!first || tagged.every(({ fits }) => fits === 'stored')) return [];
  return [
    `${counted(tagged.length, 'image')} with an EXIF orientation tag (${first.orientation} in ${first.id}), which is not applied unless ` +
      `data.applyOrientation is true in a run's configuration; ${adviceOn(tagged)}`,
  ];
}

function adviceOn(tagged: readonly TaggedImage[]): string {
  const turned = tagged.filter(({ fits }) => fits === 'turned');
  const stored = tagged.filter(({ fits }) => fits === 'stored');
  if (turned.length === 0) return 'if the labels were made on turned pictures, set it';
  const has = turned.length === 1 ? 'has' : 'have';
  const which = `${counted(turned.length, 'label')} (${idsOf(turned)}) ${has} the size of the turned picture`;
  if (stored.length === 0) return `${which}, so set it`;
  return `${which}, but ${counted(stored.length, 'label')} (${idsOf(stored)}) that of the stored one: ${TURN_FORMER}`;
}

/** If neither setting fits all labels. */
const TURN_FORMER = 'turn the pictures of the former, and save them without the tag';

/**
 * Requires that the label of every image that a run uses fits the picture as the run reads it.
 *
 * @param used those of the tagged images that the run uses
 * @throws Error that names an image, its tag and the setting
 */
export function requireFitting(used: readonly TaggedImage[], applyOrientation: boolean): void {
  const [wanted, other] = applyOrientation ? (['turned', 'stored'] as const) : (['stored', 'turned'] as const);
  const unfit = used.filter(({ fits }) => fits === other);
  const [first] = unfit;
  if (!first) return;
  const setting = `data.applyOrientation is ${applyOrientation}`;
  const advice = used.some(({ fits }) => fits === wanted)
    ? 'other labels fit only with this setting, so turn the pictures whose labels need it, and save them without the tag'
    : `set it to ${!applyOrientation}`;
  throw new Error(
    `${setting}, but ${counted(unfit.length, 'image')} of this run ${unfit.length === 1 ? 'fits its label' : 'fit their labels'} only ` +
      `${other === 'turned' ? 'when turned' : 'as stored'}, such as ${first.subset.toLowerCase()} ${first.id} with the EXIF orientation ` +
      `${first.orientation}; ${advice}`,
  );
}

const idsOf = (images: readonly TaggedImage[]): string =>
  listed(
    images.map(({ id }) => id),
    LISTED,
  );
