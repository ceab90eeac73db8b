import type { tf } from '../../engines/tf.js';

/** A training step's images as tensors: images NHWC, normalised; labels N,H,W int32, 255 counts nowhere. */
export interface StepTensors {
  labelled: { images: tf.Tensor4D; labels: tf.Tensor3D };
  /** Present when the method needs it. The hidden labels of unlabelled images never get here. */
  unlabelled: tf.Tensor4D | null;
  unlabelledMix: tf.Tensor4D | null;
}

/** What one network can do within a step, and where the run stands. */
export interface BranchView {
  /** Logits N,H,W,classes with this batch's own statistics in batch normalisation; the gradient flows. */
  forward(images: tf.Tensor4D): tf.Tensor4D;
  /** The same as `forward` without a gradient: a target, never something to train through. */
  predict(images: tf.Tensor4D): tf.Tensor4D;
  /** The run's seed and the number of iterations done: what a step's random streams are named by. */
  readonly seed: number;
  readonly step: number;
  readonly crossWeight: number;
}

/** Scalars of one step; `total` is minimised, the others are reported. */
export interface Losses {
  total: tf.Scalar;
  supervised: tf.Scalar;
  cross?: tf.Scalar;
  /** Share of unlabelled pixels, in [0, 1], where both networks chose the same class. */
  agreement?: tf.Scalar;
}

/**
 * A step from ONE network's view: yields a label map (N,H,W int32) for the other network to learn from, receives the map
 * that the other showed, returns its losses. All tensors belong to the step and are disposed of after it.
 */
export type MethodStep = Generator<tf.Tensor3D, Losses, tf.Tensor3D>;

export interface Method {
  readonly branches: 1 | 2;
  /** Which unlabelled streams `step` reads. */
  readonly streams: { unlabelled: boolean; mix: boolean };
  step(view: BranchView, tensors: StepTensors): MethodStep;
}
