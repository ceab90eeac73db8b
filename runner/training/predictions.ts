import type { Network } from '../tracking/tracker.js';
import type { Branches, Images } from './branches/branches.js';

/** Label maps (count x height x width) by network. A single network has no separate ensemble. */
export type Predictions = Map<Network, Uint8Array>;

/** The predictions of each network for whole images and, for two networks, of the mean of their probabilities. */
export async function predictLabels(branches: Branches, images: Images, classes: number): Promise<Predictions> {
  const [first, second] = await branches.predict(images);
  const predictions: Predictions = new Map([['BRANCH1', mostProbable(first!, classes)]]);
  if (!second) return predictions;
  predictions.set('BRANCH2', mostProbable(second, classes));
  predictions.set(
    'ENSEMBLE',
    mostProbable(
      first!.map((value, i) => value + second[i]!),
      classes,
    ),
  );
  return predictions;
}

/** The index of the largest of each `classes` consecutive values, the first one on ties. */
export function mostProbable(values: Float32Array, classes: number): Uint8Array {
  const labels = new Uint8Array(values.length / classes);
  for (let pixel = 0, at = 0; pixel < labels.length; pixel++, at += classes) {
    let best = 0;
    for (let c = 1; c < classes; c++) if (values[at + c]! > values[at + best]!) best = c;
    labels[pixel] = best;
  }
  return labels;
}
