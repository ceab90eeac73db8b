import type { ThresholdsConfig } from '../../../schema/thresholds-config.js';
import { IGNORE_LABEL } from '../../data/images/ignore-label.js';
import { withoutGradient } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import { type Reading, read } from '../reading.js';
import { AdaptiveThreshold } from './adaptive-threshold.js';
import { ClassQuota } from './class-quota.js';
import type { PixelRule } from './pixel-rule.js';

/** Pseudo-labels and what they were chosen from. */
export interface PseudoLabels {
  /** int32 N,H,W; 255 for pixels that cannot count, such as padding. */
  labels: tf.Tensor3D;
  /** Computes N,H,W,classes. Called only if a threshold needs them. */
  probabilities: () => tf.Tensor4D;
}

/**
 * Which of a network's pseudo-labels count: `balance.thresholds`. A rule that follows the predictions learns from those of a step
 * before it chooses among them, so it works from the first step.
 */
export class Thresholds {
  private readonly rule: PixelRule | null;

  /**
   * @param classPixels the labelled pixels of each class, which `quota` needs
   * @throws Error if `quota` gets none, or not one number for each class
   */
  constructor(
    private readonly config: ThresholdsConfig,
    classes: number,
    classPixels?: readonly number[],
  ) {
    this.rule = ruleOf(config, classes, classPixels);
  }

  /** Whether all pseudo-labels count that the method wants to use. */
  get none(): boolean {
    return this.config.name === 'none';
  }

  /** The state of the rule, by name, to be saved and restored in place. */
  get state(): ReadonlyMap<string, Float32Array> {
    return new Map(this.rule ? [[this.config.name, this.rule.state]] : []);
  }

  /**
   * The given labels, with 255 in place of those that do not count. To be called once in a step, with all pseudo-labels that the
   * network assigns in it.
   */
  *counted(given: readonly PseudoLabels[]): Generator<Reading, tf.Tensor3D[], tf.Tensor | Float32Array> {
    if (this.config.name === 'none') return given.map(({ labels }) => labels);
    const confidences = given.map(({ probabilities }) => withoutGradient(() => tf.max(probabilities(), 3)));
    if (this.config.name === 'fixed') {
      const { confidence } = this.config;
      return given.map(({ labels }, i) => {
        const sure = tf.greaterEqual(confidences[i]!, confidence);
        return tf.cast(tf.where(sure, labels, tf.fill(labels.shape, IGNORE_LABEL, 'int32')), 'int32');
      });
    }
    const flat = [...given.map(({ labels }) => tf.cast(labels, 'float32')), ...confidences];
    const values = yield* read(tf.concat(flat.map((each) => tf.reshape(each, [-1]))));
    const counted = chosenBy(this.rule!, values);
    let start = 0;
    return given.map(({ labels }) => {
      const of = counted.subarray(start, start + labels.size);
      start += labels.size;
      return tf.tensor3d(of, labels.shape, 'int32');
    });
  }
}

/** @param values the labels of all pixels, followed by their confidences */
function chosenBy(rule: PixelRule, values: Float32Array): Int32Array {
  const pixels = values.length / 2;
  const labels = values.subarray(0, pixels);
  const confidences = values.subarray(pixels);
  rule.observe(labels, confidences);
  const chosen = new Int32Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const label = labels[i]!;
    chosen[i] = label !== IGNORE_LABEL && rule.counts(label, confidences[i]!) ? label : IGNORE_LABEL;
  }
  return chosen;
}

function ruleOf(config: ThresholdsConfig, classes: number, classPixels?: readonly number[]): PixelRule | null {
  if (config.name === 'adaptive') return new AdaptiveThreshold(classes, config);
  if (config.name !== 'quota') return null;
  if (classPixels?.length !== classes) {
    throw new Error(
      `balance.thresholds "quota" needs the labelled pixels of each of ${classes} classes; got ${classPixels?.length ?? 0}`,
    );
  }
  return new ClassQuota(classPixels, config.share);
}
