import { suspicion } from '../../../schema/labelling/ranking.js';
import type { LabelDoubt } from '../../../schema/labelling/review.js';
import { connected } from '../../data/images/components.js';
import { IGNORE_LABEL } from '../../data/images/ignore-label.js';
import type { Prediction } from '../predictions.js';
import { atMostOne } from './image-review.js';

/** Smaller doubts are nearly always the blurred edge of an object. */
export const FEWEST_PIXELS = 4;

/** The most doubts of an image that are reported. */
export const MOST_DOUBTS = 20;

/**
 * The connected parts of an image's label for which another class is more probable, the most suspicious first, at most
 * `MOST_DOUBTS`. Pixels that touch at a corner are connected.
 *
 * @param labels height x width; 255 is ignored
 */
export function doubtsOf(
  labels: Uint8Array,
  { width, height }: { width: number; height: number },
  prediction: Prediction,
  classes: number,
): LabelDoubt[] {
  const doubtful = labels.map((label, i) => (prediction.labels[i] === label ? IGNORE_LABEL : label));
  const { components, indexOf } = connected(doubtful, width, height, classes);
  const sums = components.map(() => ({ label: 0, other: 0, takenFor: new Map<number, number>() }));
  for (let i = 0; i < labels.length; i++) {
    const sum = sums[indexOf[i]!];
    if (!sum) continue;
    const other = prediction.labels[i]!;
    sum.label += prediction.probabilities[i * classes + labels[i]!]!;
    sum.other += prediction.probabilities[i * classes + other]!;
    sum.takenFor.set(other, (sum.takenFor.get(other) ?? 0) + 1);
  }
  return components
    .map(({ class: classIndex, size: pixels, ...box }, i) => {
      const { label, other, takenFor } = sums[i]!;
      const probabilities = {
        labelProbability: atMostOne(label / pixels),
        otherProbability: atMostOne(other / pixels),
      };
      return { classIndex, takenFor: mostFrequent(takenFor), pixels, ...box, ...probabilities };
    })
    .filter(({ pixels }) => pixels >= FEWEST_PIXELS)
    .sort((a, b) => suspicion(b) - suspicion(a))
    .slice(0, MOST_DOUBTS);
}

function mostFrequent(counts: ReadonlyMap<number, number>): number {
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}
