/** The operations that networks are built from. Each has an exact gradient on every engine, unless its docs say otherwise. */
export { type AdamMoments, type AdamOptions, applyAdam } from './adam.js';
export { argmaxLabels } from './argmax.js';
export {
  type Activation,
  type BatchNormOptions,
  type BatchNormParameters,
  batchNorm,
} from './batch-norm.js';
export { channelSum } from './channel-sum.js';
export { clipGradients } from './clip-gradients.js';
export { concat, split } from './concat.js';
export type { Conv2dOptions } from './conv-geometry.js';
export { conv2d } from './conv2d.js';
export { type CrossEntropyOptions, crossEntropy } from './cross-entropy.js';
export { diceLoss } from './dice.js';
export { type HardPixelOptions, hardPixels, trueClassProbability } from './hard-pixels.js';
export { lovaszLoss } from './lovasz.js';
export { type MaxPoolOptions, maxPool } from './max-pool.js';
export { mean } from './mean.js';
export { meanOf } from './mean-of.js';
export { meanPool } from './mean-pool.js';
export { addRelu } from './residual.js';
export { resizeBilinear } from './resize.js';
export { applySgd, type SgdOptions } from './sgd.js';
export { addWindow, cutWindow, type Window } from './windows.js';
export { constant, withoutGradient } from './without-gradient.js';
