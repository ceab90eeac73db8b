import { medianOf } from './statistics/median.js';
import { meanOf } from './statistics/summary.js';

/** A class is rare if it has less than this share of the pixels of the median class. */
export const RARE_BELOW = 0.4;

/**
 * The indices of the rare classes, ascending: those with fewer than 0.4 times the pixels of the median class. Classes without a
 * pixel are neither rare nor part of the median. A dataset whose classes are about equally frequent has none.
 * @param pixels of each class
 */
export function rareClassesOf(pixels: readonly number[]): number[] {
  const median = medianOf(pixels.filter((count) => count > 0)) ?? 0;
  return [...pixels.keys()].filter((index) => pixels[index]! > 0 && pixels[index]! < RARE_BELOW * median);
}

/**
 * The mean IoU of the rare classes that the evaluated images hold; null without any.
 * @param ious by class index, in [0, 1]
 * @param recalls by class index; null for a class without a pixel
 */
export function rareMeanIou(
  rare: readonly number[],
  ious: readonly (number | null)[],
  recalls: readonly (number | null)[],
): number | null {
  const held = rare.filter((index) => typeof recalls[index] === 'number');
  return held.length === 0 ? null : meanOf(held.map((index) => ious[index]!));
}
