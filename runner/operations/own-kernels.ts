import { tf } from './tf.js';

/**
 * Kernels that an engine may provide in addition to those of TensorFlow.js. An operation checks `hasOwn` and otherwise falls
 * back to ordinary operations, so an engine can add them one by one.
 */
export type OwnKernel =
  | 'convolution'
  | 'convInputGradient'
  | 'convFilterGradient'
  | 'batchNormTrain'
  | 'batchNormTrainGradient'
  | 'trackStatistics'
  | 'scaleShift'
  | 'crossEntropy'
  | 'lovasz'
  | 'trueClass'
  | 'mean'
  | 'channelSum'
  | 'maxPool'
  | 'maxPoolGradient'
  | 'resize'
  | 'resizeGradient'
  | 'concat'
  | 'split'
  | 'cutWindow'
  | 'addWindow'
  | 'addRelu'
  | 'addReluGradient'
  | 'argmax'
  | 'sgd';

/** The name under which an own kernel is registered. The prefix keeps it apart from the kernels of TensorFlow.js. */
export function kernelName(kernel: OwnKernel): string {
  return `Crosscheck:${kernel}`;
}

/** Whether the current engine provides this kernel. */
export function hasOwn(kernel: OwnKernel): boolean {
  return tf.getKernel(kernelName(kernel), tf.getBackend()) !== undefined;
}

/** Runs an own kernel. Its outputs belong to the current tidy scope. Only call it where no gradient is recorded. */
export function runOwn<T extends tf.Tensor>(
  kernel: OwnKernel,
  inputs: Record<string, tf.Tensor>,
  attributes: Record<string, unknown> = {},
): T[] {
  const outputs = tf
    .engine()
    .runKernel<T | T[]>(kernelName(kernel), inputs as tf.NamedTensorMap, attributes as tf.NamedAttrMap);
  return Array.isArray(outputs) ? outputs : [outputs];
}
