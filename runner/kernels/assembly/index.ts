// All exports of the module. It works in the memory of TensorFlow.js and must not own data there: no strings, no arrays, no
// heap. Scratch space is passed in as a pointer. Pointers are to float32 unless their names say otherwise.
export { convolve, convolveBack } from "./convolution";
export { filterGradient } from "./filter-gradient";
export { transposeTaps } from "./rearrange";
export { channelSums, normGradientSums, normGradient, scaleShift } from "./batch-norm";
export { crossEntropy, trueClass, argmax } from "./cross-entropy";
export { lovasz } from "./lovasz";
export { copyRows, addRows, addRelu, maskPositive, sgd } from "./elementwise";
export { resize, resizeGradient } from "./resize";
export { maxPool, maxPoolGradient } from "./max-pool";
