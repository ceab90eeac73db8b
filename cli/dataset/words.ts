import type { ImageName, Part, PartReport } from '../../runner/data/inspect/inspection.js';
import { counted } from '../../runner/data/words.js';

/** What people call the parts of a dataset. */
export const PART_NAMES: Record<Part, string> = {
  TRAIN: 'train',
  VAL: 'val',
  TEST: 'test',
  UNLABELLED: 'without label',
};

export const number = (value: number): string => value.toLocaleString('en-US');

export const percent = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(2)} %`);

export const fullName = ({ part, id }: ImageName): string => `${PART_NAMES[part]}: ${id}`;

/** Instead of the splits. */
export const NOT_COUNTED = 'not counted, because some training images have problems';

/** What `split.cover` would do. */
export function describeCovering(labels: number): string {
  return `with split.cover, ${counted(labels, 'label holds', 'labels hold')} every class that training labels have`;
}

/** The most sizes that are named. */
const SIZES = 3;

export function describeSizes({ sizes }: PartReport): string {
  const shown = sizes.length === 1 ? sizes : sizes.slice(0, SIZES);
  const names = shown.map(({ width, height, images }) =>
    sizes.length === 1 ? `${width}x${height}` : `${width}x${height} (${number(images)})`,
  );
  const more = sizes.length - shown.length;
  return names.join(', ') + (more > 0 ? ` and ${counted(more, 'other size')}` : '');
}

/** "8" or, if the files differ, "8 (10), 16 (2)". */
export function describeCounts(values: readonly { value: number; images: number }[]): string {
  if (values.length === 1) return `${values[0]!.value}`;
  return values.map(({ value, images }) => `${value} (${number(images)})`).join(', ');
}

export const channelCounts = ({ storedChannels }: PartReport) =>
  storedChannels.map(({ channels, images }) => ({ value: channels, images }));

export const bitCounts = ({ bits }: PartReport) => bits.map((each) => ({ value: each.bits, images: each.images }));

/** The lowest and highest value of each channel; only one range if all are equal. */
export function describeRanges({ ranges }: PartReport): string {
  const texts = ranges.map(([lowest, highest]) => `${lowest}–${highest}`);
  return new Set(texts).size === 1 ? texts[0]! : texts.join(', ');
}
