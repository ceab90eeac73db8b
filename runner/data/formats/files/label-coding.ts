import type { ClassInfo } from '../../dataset.js';

/** What the pixels of a label file mean. */
export interface LabelCoding {
  /** Of gray and palette files, indexed by value, 0 to 255: the class index, the dataset's ignore index or NO_CLASS. */
  values: Int16Array;
  /** For messages, such as "0 to 10, and 255 to ignore". */
  allowed: string;
  /**
   * Of files in colour, by `packed` colour: the class index or the dataset's ignore index. Empty if the dataset does not say
   * which colours its classes have. Default colours are only for display.
   */
  colours: ReadonlyMap<number, number>;
  /** Colours that several classes have, so that they say nothing. */
  shared: ReadonlySet<number>;
  /** Whether the colours of a palette count, and not its values, which some tools number as they like. */
  paletteColours: boolean;
}

/** Marks a value that is not allowed in a label. */
export const NO_CLASS = -1;

/** A colour as one number. */
export const packed = (red: number, green: number, blue: number): number => (red << 16) | (green << 8) | blue;

/** Labels whose values are class indices. In colour, they have the colours of the classes, which must be documented. */
export function classIndices(classes: readonly ClassInfo[], ignoreIndex: number): LabelCoding {
  const entries = classes.map((_, index): [number, number] => [index, index]);
  const allowed = `0 to ${classes.length - 1}, and ${ignoreIndex} to ignore`;
  return valueCoding(
    [...entries, [ignoreIndex, ignoreIndex]],
    allowed,
    classes.map(({ color }) => color),
  );
}

/**
 * Labels whose values are listed.
 * @param entries each value with its class index or the dataset's ignore index
 * @param listed the colour that each class has in labels in colour; null if the dataset does not say it
 */
export function valueCoding(
  entries: Iterable<readonly [value: number, meaning: number]>,
  allowed: string,
  listed: readonly (ClassInfo['color'] | null)[],
): LabelCoding {
  const values = new Int16Array(256).fill(NO_CLASS);
  for (const [value, meaning] of entries) values[value] = meaning;
  return { values, allowed, ...coloursOf(listed), paletteColours: false };
}

/** The class of each colour, without colours that several classes have. */
function coloursOf(listed: readonly (ClassInfo['color'] | null)[]): Pick<LabelCoding, 'colours' | 'shared'> {
  const colours = new Map<number, number>();
  const shared = new Set<number>();
  for (const [index, color] of listed.entries()) {
    if (color === null) continue;
    const colour = packed(...color);
    if (colours.has(colour)) shared.add(colour);
    colours.set(colour, index);
  }
  for (const colour of shared) colours.delete(colour);
  return { colours, shared };
}
