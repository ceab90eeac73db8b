import { argmaxLabels } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import type { Reading } from '../reading.js';
import { confidentLabels } from './confident-labels.js';
import type { BranchView } from './method.js';
import { decidedInside, type Padding, withoutPadding } from './padding.js';

/** Predictions to take pseudo-labels from. */
interface Predicted {
  /** N,H,W,classes, without a gradient. */
  probabilities: tf.Tensor4D;
  /** Padding gets no label. */
  padding: Padding;
}

/**
 * The most probable class of each pixel that counts, and 255 elsewhere: of pixels with at least the method's own confidence, or
 * those that `balance.thresholds` chooses instead.
 */
export function* surelyLabelled(
  { thresholds }: Pick<BranchView, 'thresholds'>,
  predicted: readonly Predicted[],
  confidence: number,
): Generator<Reading, tf.Tensor3D[], tf.Tensor | Float32Array> {
  const labels = predicted.map(({ probabilities, padding }) =>
    withoutPadding(thresholds.none ? confidentLabels(probabilities, confidence) : argmaxLabels(probabilities), padding),
  );
  const of = (i: number) => () => predicted[i]!.probabilities;
  return yield* thresholds.counted(labels.map((each, i) => ({ labels: each, probabilities: of(i) })));
}

/** The sum of the cross-entropy over the pixels that have a label, divided by the number of all pixels, or of those inside images. */
export function confidentEntropy(
  view: Pick<BranchView, 'pseudoLabelLoss'>,
  logits: tf.Tensor4D,
  labels: tf.Tensor3D,
  padding: Padding,
): tf.Scalar {
  return tf.mul(view.pseudoLabelLoss(logits, labels), decidedInside(labels, padding));
}
