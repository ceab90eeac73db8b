import type { ImageReview } from '../../../schema/labelling/review.js';
import type { Predictions } from '../predictions.js';

/** What is measured of the networks' predictions for an image. */
export type Measured = Omit<ImageReview, 'imageId' | 'width' | 'height' | 'hash'>;

/** Measures what the networks predict for one image of which nothing else is known. */
export function measure(predictions: Predictions, classes: number): Measured {
  const { labels, probabilities } = predictions.get('ENSEMBLE') ?? predictions.get('BRANCH1')!;
  const zeros = () => new Array<number>(classes).fill(0);
  const [predicted, expected, uncertain] = [zeros(), zeros(), zeros()];
  let [entropies, confidences] = [0, 0];
  for (let pixel = 0, at = 0; pixel < labels.length; pixel++, at += classes) {
    const entropy = entropyAt(probabilities, at, classes);
    for (let c = 0; c < classes; c++) {
      const probability = atMostOne(probabilities[at + c]!);
      expected[c]! += probability;
      uncertain[c]! += probability * entropy;
    }
    predicted[labels[pixel]!]! += 1;
    entropies += entropy;
    confidences += atMostOne(probabilities[at + labels[pixel]!]!);
  }
  const { share, disputed } = disputes(predictions, zeros());
  return {
    disagreement: share,
    entropy: entropies / labels.length,
    confidence: confidences / labels.length,
    ...{ predicted, expected, uncertain, disputed },
  };
}

/** The entropy of a pixel whose probabilities begin at `at`, as a share of the largest possible: that of equal probabilities. */
function entropyAt(probabilities: Float32Array, at: number, classes: number): number {
  let entropy = 0;
  for (let c = 0; c < classes; c++) {
    const probability = atMostOne(probabilities[at + c]!);
    if (probability > 0) entropy -= probability * Math.log(probability);
  }
  return Math.min(1, entropy / Math.log(classes));
}

/** A GPU divides with rounding errors, so a probability may exceed 1 by a few of its last digits. */
export const atMostOne = (probability: number): number => Math.min(1, probability);

/** The share of pixels that the two networks predict differently, and how many of them each class has to do with. */
function disputes(predictions: Predictions, disputed: number[]): { share: number | null; disputed: number[] } {
  const [first, second] = [predictions.get('BRANCH1')!.labels, predictions.get('BRANCH2')?.labels];
  if (!second) return { share: null, disputed };
  let different = 0;
  for (let pixel = 0; pixel < first.length; pixel++) {
    const [one, other] = [first[pixel]!, second[pixel]!];
    if (one === other) continue;
    different += 1;
    disputed[one]! += 0.5;
    disputed[other]! += 0.5;
  }
  return { share: different / first.length, disputed };
}
