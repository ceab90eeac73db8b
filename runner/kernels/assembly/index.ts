// Everything the module exports. It lives in the memory of TensorFlow.js: it must own no data there, so no strings, no
// arrays, no heap; scratch space comes in as a pointer. Pointers are to float32 unless named otherwise.
export { convolve, convolveBack } from "./convolution";
export { filterGradient } from "./filter-gradient";
export { transposeTaps } from "./rearrange";
export { channelSums, normGradientSums, normGradient, scaleShift } from "./batch-norm";
export { crossEntropy, argmax } from "./cross-entropy";
export { copyRows, addRows, addRelu, maskPositive, sgd } from "./elementwise";
export { resize, resizeGradient } from "./resize";
export { maxPool, maxPoolGradient } from "./max-pool";
