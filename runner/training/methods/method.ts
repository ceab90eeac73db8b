import type { Streams } from '../../data/loading/loader.js';
import type { LayerBuilder } from '../../networks/layers.js';
import type { NetworkStages } from '../../networks/segmentation-network.js';
import type { AdamOptions } from '../../operations/index.js';
import type { tf } from '../../operations/tf.js';

/** A training step's images as tensors: images NHWC, normalised; labels N,H,W int32, 255 counts nowhere. */
export interface StepTensors {
  labelled: { images: tf.Tensor4D; labels: tf.Tensor3D };
  /** Present when the method needs it, of two rounds in the second one. The hidden labels of unlabelled images never get here. */
  unlabelled: tf.Tensor4D | null;
  unlabelledMix: tf.Tensor4D | null;
  /** The same images in colours changed strongly, as often as the method asks for. */
  strong: tf.Tensor4D[];
  strongMix: tf.Tensor4D[];
}

/** Whose statistics batch normalisation uses: the batch's own, or the running ones. */
export type NormMode = 'train' | 'evaluate';

/** What one network can do within a step, and where the run stands. */
export interface BranchView<Parts = unknown> {
  /** Logits N,H,W,classes with this batch's own statistics in batch normalisation; the gradient flows. */
  forward(images: tf.Tensor4D): tf.Tensor4D;
  /** The same without a gradient: a target, never something to train through. */
  predict(images: tf.Tensor4D, mode?: NormMode): tf.Tensor4D;
  /** The teacher's logits, without a gradient. @throws Error for a method that declares no teacher. */
  teach(images: tf.Tensor4D, mode?: NormMode): tf.Tensor4D;
  /** `forward` taken apart, for methods that perturb what is between the parts; the gradient flows. */
  readonly stages: NetworkStages;
  /** What the method's own `parts` built for this branch. */
  readonly parts: Parts;
  /** Loss of logits against the given labels, as the configuration wants it. */
  supervisedLoss(logits: tf.Tensor4D, labels: tf.Tensor3D): tf.Scalar;
  /** Which of the networks this is. */
  readonly branch: 1 | 2;
  /** The run's seed and the number of iterations done: what a step's random streams are named by. */
  readonly seed: number;
  readonly step: number;
  /** What the weight of everything unsupervised is multiplied by: rises from 0 to 1 where the method ramps it up. */
  readonly ramp: number;
  /** 1, or 2 once a method whose settings have a `firstRound` has begun again. */
  readonly round: 1 | 2;
}

/** What a step came to. Scalars; `total` is minimised, the others are reported. */
export interface Losses {
  total: tf.Scalar;
  /** The parts of the total, before their weights: `supervised`, and the method's own such as `cross`. */
  parts: { supervised: tf.Scalar; [name: string]: tf.Scalar };
  /**
   * Shares, in [0, 1], of the unlabelled pixels (without any, of the labelled images'); `agreement`: where both networks chose
   * the same class.
   */
  shares?: Record<string, tf.Scalar>;
  /** What the `unlabelled` images, as they are, were taken for (N,H,W int32; 255 where for nothing): for reports alone. */
  pseudoLabels?: tf.Tensor3D;
}

/**
 * A step from ONE network's view: yields what it shows the other network (label map N,H,W int32, or float values), receives
 * what that one showed, returns its losses. All tensors belong to the step and are disposed of after it.
 */
export type MethodStep = Generator<tf.Tensor | Reading, Losses, tf.Tensor | Float32Array>;

/** Asks for a tensor's values: see `read`. */
export class Reading {
  constructor(readonly tensor: tf.Tensor) {}
}

/** The values of a tensor in the middle of a step, as `yield* read(tensor)`: a GPU gives them only after a while. */
export function* read(tensor: tf.Tensor): Generator<Reading, Float32Array, tf.Tensor | Float32Array> {
  return (yield new Reading(tensor)) as Float32Array;
}

/** A copy of each network that no gradient moves. */
export interface Teacher {
  /**
   * Before step `step` it keeps this share of itself, in [0, 1]; the rest comes from the network it follows. Where a second
   * round begins, the two change places: the network starts again from what the teacher kept.
   */
  decay(step: number): number;
  /** Whether it, not the network itself, is evaluated and shown. */
  readonly evaluated: boolean;
}

/** What a method's own layers are built for. */
export interface PartsShape {
  inputChannels: number;
  classes: number;
  /** Channels of what `stages.context` returns. */
  contextChannels: number;
  /** How much smaller than the image that is. */
  contextStride: number;
}

/** What each branch has besides its network; it is saved with it. */
export interface PartsPlan<Parts> {
  build(builder: LayerBuilder, shape: PartsShape): Parts;
  /** Whether both branches' begin with the same weights; else they differ as the networks do. */
  readonly alike?: boolean;
  /** How they are trained; like the networks when left out. */
  readonly adam?: AdamOptions;
}

export interface Method<Parts = unknown> {
  readonly branches: 1 | 2;
  /** Which unlabelled streams `step` reads. */
  readonly streams: Streams;
  /** How many float32 or int32 values a pixel has in what the branches show each other; 0 where they show nothing. */
  shows(classes: number): number;
  readonly teacher?: Teacher;
  readonly parts?: PartsPlan<Parts>;
  step(view: BranchView<Parts>, tensors: StepTensors): MethodStep;
}
