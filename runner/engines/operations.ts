/** The operations a network is made of; every one has an exact gradient on every engine. */
export { type AdamMoments, type AdamOptions, applyAdam } from './operations/adam.js';
export { argmaxLabels } from './operations/argmax.js';
export {
  type Activation,
  type BatchNormOptions,
  type BatchNormParameters,
  batchNorm,
} from './operations/batch-norm.js';
export { concat, split } from './operations/concat.js';
export { type Conv2dOptions, conv2d } from './operations/conv2d.js';
export { crossEntropy } from './operations/cross-entropy.js';
export { type HardPixelOptions, hardPixels } from './operations/hard-pixels.js';
export { type MaxPoolOptions, maxPool } from './operations/max-pool.js';
export { addRelu } from './operations/residual.js';
export { resizeBilinear } from './operations/resize.js';
export { applySgd, type SgdOptions } from './operations/sgd.js';
export { addWindow, cutWindow, type Window } from './operations/windows.js';
export { constant, withoutGradient } from './operations/without-gradient.js';
