import type { Streams } from '../../data/loading/loader.js';
import type { LayerBuilder } from '../../networks/layers.js';
import type { NetworkStages } from '../../networks/segmentation-network.js';
import type { AdamOptions } from '../../operations/index.js';
import type { tf } from '../../operations/tf.js';
import type { Thresholds } from '../balance/thresholds.js';
import type { HardPixels } from '../losses.js';
import type { Reading } from '../reading.js';
import type { Padding } from './padding.js';
import type { Pasted } from './pasted.js';

/** The images of a training step as tensors: images NHWC, normalised; labels N,H,W int32, with 255 for ignored pixels. */
export interface StepTensors {
  labelled: { images: tf.Tensor4D; labels: tf.Tensor3D };
  /** Set if the method needs it; with two rounds, only in the second. Hidden labels of unlabelled images are never here. */
  unlabelled: tf.Tensor4D | null;
  unlabelledMix: tf.Tensor4D | null;
  /** The same images with strong colour augmentation: as many views as the method asks for. */
  strong: tf.Tensor4D[];
  strongMix: tf.Tensor4D[];
  /** The padding of `unlabelled` and of `unlabelledMix`, if the method's `streams` ask for it. */
  padding: Padding;
  paddingMix: Padding;
  /** What `balance.mixing` has pasted into `unlabelled` and its strong views: the labels to learn there instead of pseudo-labels. */
  pasted: Pasted;
  /** For each image of `unlabelledMix`, the class around which `balance.mixing` wants a CutMix box; null for boxes as usual. */
  weakClasses: readonly number[] | null;
}

/** The statistics that batch normalisation uses: those of the batch, or the running ones. */
export type NormMode = 'train' | 'evaluate';

/** What a method can do with one network in a step, and the state of the run. */
export interface BranchView<Parts = unknown> {
  /** Logits N,H,W,classes. Batch normalisation uses the statistics of the batch, and the gradient flows. */
  forward(images: tf.Tensor4D): tf.Tensor4D;
  /** The same without a gradient, for targets. */
  predict(images: tf.Tensor4D, mode?: NormMode): tf.Tensor4D;
  /** The teacher's logits, without a gradient. @throws Error for a method that declares no teacher. */
  teach(images: tf.Tensor4D, mode?: NormMode): tf.Tensor4D;
  /**
   * Moves the teacher's weights in the middle of a step: decay × its own + (1 − decay) × the network's. Its running statistics
   * stay. @throws Error for a method that declares no teacher.
   */
  moveTeacher(decay: number): void;
  /** The stages of `forward`, for methods that perturb the features between them. The gradient flows. */
  readonly stages: NetworkStages;
  /** What the method's `parts` built for this branch. */
  readonly parts: Parts;
  /** The configured loss of logits against the given labels, or a cross-entropy over the pixels that are `hard`. */
  supervisedLoss(logits: tf.Tensor4D, labels: tf.Tensor3D, hard?: HardPixels): tf.Scalar;
  /** What `supervisedLoss` added up so far, before weighting, by name; empty if it is a single loss. The loop reports it. */
  readonly supervisedParts: Readonly<Record<string, tf.Scalar>>;
  /** The mean cross-entropy against pseudo-labels (255 for none), with the run's class weights if it wants them here, too. */
  pseudoLabelLoss(logits: tf.Tensor4D, labels: tf.Tensor3D): tf.Scalar;
  /** Which pseudo-labels of this network count. A method that has none does not ask. */
  readonly thresholds: Thresholds;
  /** The number of this network. */
  readonly branch: 1 | 2;
  /** The run's seed and the number of iterations done, from which a step derives its random streams. */
  readonly seed: number;
  readonly step: number;
  /** The run's number of iterations. */
  readonly iterations: number;
  /** The factor for the weights of all unsupervised losses. It rises from 0 to 1 if the method has a ramp-up. */
  readonly ramp: number;
  /** 2 in the second round of a method whose settings have a `firstRound`, else 1. */
  readonly round: 1 | 2;
}

/** The results of a step's second part; see `Method.second`. */
export interface FurtherLosses {
  total: tf.Scalar;
  /** The parts of the total, before weighting. They are reported with those of the first part. */
  parts: { [name: string]: tf.Scalar };
}

/** The results of a step. `total` is minimised; the others are only reported. */
export interface Losses extends FurtherLosses {
  /** The parts of the total, before weighting: `supervised`, and the method's own, such as `cross`. */
  parts: { supervised: tf.Scalar; [name: string]: tf.Scalar };
  /**
   * Shares, in [0, 1], of the unlabelled pixels, or of the labelled ones if there are none. `agreement` is the share where
   * both networks chose the same class, `confident` that of pseudo-labels that count.
   */
  shares?: Record<string, tf.Scalar>;
  /** The pseudo-labels of the `unlabelled` images before mixing (N,H,W int32; 255 for none). Only used in reports. */
  pseudoLabels?: tf.Tensor3D;
}

/**
 * A step from the point of view of ONE network. It yields what it shows the other network (a label map N,H,W int32, or float
 * values), receives what the other showed, and returns its losses. All tensors belong to the step and are disposed of after
 * it.
 */
export type MethodStep<Results = Losses> = Generator<tf.Tensor | Reading, Results, tf.Tensor | Float32Array>;

/** A copy of each network that is not trained by gradients. */
export interface Teacher {
  /**
   * The decay of the moving average before step `step`, in [0, 1]: the share that the teacher keeps of its own weights. At the
   * start of a second round, teacher and network are swapped, so the network restarts from the weights that the teacher kept.
   */
  decay(step: number): number;
  /** Whether the teacher is evaluated and shown in samples, instead of the network. */
  readonly evaluated: boolean;
}

/** The shapes that a method's own layers are built for. */
export interface PartsShape {
  inputChannels: number;
  classes: number;
  /** The number of channels that `stages.context` returns. */
  contextChannels: number;
  /** The factor by which that output is smaller than the image. */
  contextStride: number;
  /** The number of channels that `stages.refine` returns. */
  decoderChannels: number;
}

/** Layers that each branch has besides its network. They are saved with it. */
export interface PartsPlan<Parts> {
  build(builder: LayerBuilder, shape: PartsShape): Parts;
  /** Whether the layers of both branches start with the same weights. Otherwise they differ, as the networks do. */
  readonly alike?: boolean;
  /** Trains them with Adam; by default they are trained like the networks. */
  readonly adam?: AdamOptions;
  /** Whether Adam's learning rate stays the same; by default it falls as that of the networks. */
  readonly constantRate?: boolean;
}

export interface Method<Parts = unknown> {
  readonly branches: 1 | 2;
  /** The unlabelled streams that `step` reads. */
  readonly streams: Streams;
  /** The number of float32 or int32 values per pixel that the branches show each other; 0 if they show nothing. */
  shows(classes: number): number;
  readonly teacher?: Teacher;
  readonly parts?: PartsPlan<Parts>;
  step(view: BranchView<Parts>, tensors: StepTensors): MethodStep;
  /** The part of a step that follows the update by `step`, with an update of its own. */
  second?(view: BranchView<Parts>, tensors: StepTensors): MethodStep<FurtherLosses>;
}
