import type { ThresholdsConfig } from '../../schema/thresholds-config.js';
import { LayerBuilder } from '../networks/layers.js';
import { concat, crossEntropy, withoutGradient } from '../operations/index.js';
import { tf } from '../operations/tf.js';
import { Thresholds } from '../training/balance/thresholds.js';
import { lossOn, supervisedLoss } from '../training/losses.js';
import type { BranchView, Method, NormMode, StepTensors } from '../training/methods/method.js';
import { hashed, hashedLabels } from './hashed.js';

/** The example that the scripts of the losses compute, with the same numbers: their example.py is the same code in PyTorch. */

const CLASSES = 4;
/** Labelled pixels of each class: what `quota` needs. */
const CLASS_PIXELS = [50, 30, 20, 0];
const CONTEXT = 5;
const LABELLED = 2;
const TEACHER = 41;
const FIRST_PART = 100;
const ITERATIONS = 50;

/** Height and width of the images, both even. */
export type Size = readonly number[];

export interface Moment {
  seed: number;
  step: number;
  ramp: number;
  round: 1 | 2;
}

/** A small stand-in for a network: `high` has half the size, and every pixel has its own weights for the logits. */
class ExampleNetwork {
  readonly weights: Record<string, tf.Variable>;
  private readonly offset: tf.Tensor;

  constructor(seed: number, [height, width]: Size) {
    const weight = (index: number, shape: number[], scale = 1) => tf.variable(hashed(seed + index, shape, scale));
    this.weights = {
      high: weight(0, [3, 6]),
      context: weight(1, [6, CONTEXT]),
      decode: weight(2, [CONTEXT, CLASSES], 2),
      pixel: weight(3, [height!, width!, 3, CLASSES], 4),
    };
    this.offset = hashed(seed + 4, [CLASSES]);
  }

  backbone(images: tf.Tensor4D) {
    const [count, height, width, channels] = images.shape;
    const pairs = images.reshape([count, height / 2, 2, (width / 2) * 2 * channels]).sum(2);
    const pooled = pairs
      .reshape([count * (height / 2), width / 2, 2, channels])
      .sum(2)
      .div(4);
    return { low: images, high: this.product(pooled.reshape([count, height / 2, width / 2, channels]), 'high') };
  }

  context(high: tf.Tensor4D): tf.Tensor4D {
    return this.product(high, 'context');
  }

  /** The context in the size of the images, and the images. */
  refine(context: tf.Tensor4D, low: tf.Tensor4D): tf.Tensor4D {
    return concat([doubled(context), low], 3);
  }

  classify(features: tf.Tensor4D): tf.Tensor4D {
    const context = tf.slice(features, [0, 0, 0, 0], [-1, -1, -1, CONTEXT]);
    return this.product(context, 'decode').add(this.own(tf.slice(features, [0, 0, 0, CONTEXT])));
  }

  decode(context: tf.Tensor4D, low: tf.Tensor4D): tf.Tensor4D {
    return doubled(this.product(context, 'decode')).add(this.own(low));
  }

  /** The part of the logits for which every pixel has its own weights. */
  private own(images: tf.Tensor): tf.Tensor4D {
    return images.expandDims<tf.Tensor5D>(4).mul(this.weights.pixel!.expandDims(0)).sum(3);
  }

  /** An offset stands in for the running statistics of evaluation mode, so that a wrong mode changes the result. */
  forward(images: tf.Tensor4D, mode: NormMode): tf.Tensor4D {
    const { low, high } = this.backbone(images);
    const logits = this.decode(this.context(high), low);
    return mode === 'evaluate' ? logits.add(this.offset) : logits;
  }

  private product(x: tf.Tensor, name: string): tf.Tensor4D {
    const weight = this.weights[name] as unknown as tf.Tensor2D;
    const [count, height, width, channels] = x.shape as [number, number, number, number];
    return tf
      .matMul(x.reshape<tf.Tensor2D>([-1, channels]), weight)
      .reshape([count, height, width, weight.shape[1]]) as tf.Tensor4D;
  }
}

/** Each pixel becomes 2x2 pixels. */
function doubled(x: tf.Tensor4D): tf.Tensor4D {
  const [count, height, width, channels] = x.shape;
  const columns = x.reshape<tf.Tensor3D>([-1, 1, channels]).tile([1, 2, 1]);
  const rows = columns.reshape<tf.Tensor3D>([count * height, 1, 2 * width * channels]).tile([1, 2, 1]);
  return rows.reshape<tf.Tensor4D>([count, 2 * height, 2 * width, channels]);
}

/** One branch of the example: its view for the method, and all weights that may get a gradient, by their names in the fixture. */
export function exampleBranch(
  method: Method,
  branch: 1 | 2,
  size: Size,
  { seed, step, ramp, round }: Moment,
  thresholds: ThresholdsConfig = { name: 'none' },
) {
  const network = new ExampleNetwork(branch === 1 ? 21 : 31, size);
  const teacher = new ExampleNetwork(TEACHER, size);
  const builder = new LayerBuilder(seed, branch);
  const context = { contextChannels: CONTEXT, contextStride: 2 };
  const shape = { inputChannels: 3, classes: CLASSES, ...context, decoderChannels: CONTEXT + 3 };
  const parts = method.parts?.build(builder, shape);
  for (const [index, variable] of [...builder.variables.values()].entries()) {
    variable.assign(hashed(FIRST_PART + index, variable.shape));
  }
  const view: BranchView = {
    forward: (images) => network.forward(images, 'train'),
    predict: (images, mode = 'train') => withoutGradient(() => network.forward(images, mode)),
    teach: (images, mode = 'train') => withoutGradient(() => teacher.forward(images, mode)),
    moveTeacher: (decay) => {
      for (const [name, weight] of Object.entries(teacher.weights)) {
        weight.assign(withoutGradient(() => weight.mul(decay).add(network.weights[name]!.mul(1 - decay))));
      }
    },
    stages: network,
    parts,
    supervisedLoss: (logits, labels, hard) =>
      supervisedLoss(lossOn(hard, { name: 'cross_entropy', imagesPerGroup: null }), logits, labels),
    supervisedParts: {},
    pseudoLabelLoss: (logits, labels) => crossEntropy(logits, labels),
    thresholds: new Thresholds(thresholds, CLASSES, CLASS_PIXELS),
    branch,
    seed,
    step,
    iterations: ITERATIONS,
    ramp,
    round,
  };
  return { view, variables: { ...network.weights, ...Object.fromEntries(builder.variables) } };
}

/** The batches of the example, with two labelled images and `unlabelled` others. */
export function exampleTensors(
  size: Size,
  unlabelled: number,
  {
    pasted = false,
    weakClasses = null,
  }: { pasted?: boolean | undefined; weakClasses?: number[] | null | undefined } = {},
): StepTensors {
  const images = (seed: number, count: number) => hashed<tf.Tensor4D>(seed, [count, ...size, 3]);
  return {
    labelled: { images: images(11, LABELLED), labels: exampleLabels(12, [LABELLED, ...size]) },
    unlabelled: images(14, unlabelled),
    unlabelledMix: images(15, unlabelled),
    strong: [images(16, unlabelled), images(17, unlabelled)],
    strongMix: [images(18, unlabelled), images(19, unlabelled)],
    padding: null,
    paddingMix: null,
    weakClasses,
    pasted: pasted ? examplePasted(unlabelled, size) : null,
  };
}

/** Random labels for a third of the pixels of unlabelled images. */
function examplePasted(count: number, size: Size): tf.Tensor3D {
  const labels = exampleLabels(51, [count, ...size]);
  const draws = hashed(53, [count, ...size]);
  return tf.where(tf.less(draws, -1 / 3), labels, tf.fill(labels.shape, 255, 'int32')) as tf.Tensor3D;
}

/** Random labels; a fifth of the pixels are ignored. */
function exampleLabels(seed: number, size: number[]): tf.Tensor3D {
  const labels = hashedLabels([seed, seed + 1], size, CLASSES, () => 0.2);
  return tf.tensor3d(Int32Array.from(labels), size as [number, number, number], 'int32');
}
