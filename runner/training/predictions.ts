import type { Network } from '../tracking/tracker.js';
import type { Branches, Images } from './branches/branches.js';

/** What a network predicts for images: labels are count x height x width, and each pixel has `classes` probabilities. */
export interface Prediction {
  labels: Uint8Array;
  probabilities: Float32Array;
}

/** By network. A single network has no separate ensemble. */
export type Predictions = Map<Network, Prediction>;

/** The predictions of each network for whole images and, for two networks, of the mean of their probabilities. */
export async function predict(branches: Branches, images: Images, classes: number): Promise<Predictions> {
  const [first, second] = await branches.predict(images);
  const prediction = (probabilities: Float32Array) => ({
    labels: mostProbable(probabilities, classes),
    probabilities,
  });
  const predictions: Predictions = new Map([['BRANCH1', prediction(first!)]]);
  if (!second) return predictions;
  predictions.set('BRANCH2', prediction(second));
  const mean = first!.map((value, i) => (value + second[i]!) / 2);
  return predictions.set('ENSEMBLE', prediction(mean));
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
