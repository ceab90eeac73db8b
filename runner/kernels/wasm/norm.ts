import type { NormAttributes } from '../../operations/batch-norm.js';
import type { tf } from '../../operations/tf.js';
import type { HeapKernel } from './heap.js';
import { type Heap, sizeOf } from './heap.js';
import type { KernelModule } from './kernel-module.js';

/**
 * Batch normalisation with its activation. The module does the passes over all values; the few values per channel are
 * computed here in float64.
 */
export function normKernels(module: KernelModule, heap: Heap) {
  const batchNormTrain: HeapKernel = ({ x, scale, offset }, attributes) => {
    const { epsilon, slope } = attributes as NormAttributes;
    const { rows, channels } = layout(x!);
    const y = heap.output(x!.shape);
    const mean = heap.output([channels]);
    const variance = heap.output([channels]);
    heap.withScratch(SUMS_BYTES * channels, (scratch) => {
      const centre = scratch + 16 * channels;
      const factor = centre + 4 * channels;
      const shift = factor + 4 * channels;
      // Sums are centred on each channel's first value: sums of squares around 0 would cancel if the mean is large.
      const first = new Float32Array(heap.memory.buffer, heap.at(x!), channels);
      const centres = new Float32Array(heap.memory.buffer, centre, channels);
      centres.set(first);
      module.channelSums(heap.at(x!), centre, scratch, scratch + 8 * channels, rows, channels);
      const [sums, squares] = pair(heap, scratch, channels);
      const [gamma, beta] = [heap.float32(scale!), heap.float32(offset!)];
      const [means, variances] = [heap.float32(mean), heap.float32(variance)];
      const factors = new Float32Array(heap.memory.buffer, factor, channels);
      const shifts = new Float32Array(heap.memory.buffer, shift, channels);
      for (let c = 0; c < channels; c++) {
        const away = sums[c]! / rows;
        means[c] = centres[c]! + away;
        variances[c] = Math.max(0, squares[c]! / rows - away * away);
        [factors[c], shifts[c]] = affine(gamma[c]!, beta[c]!, means[c]!, variances[c]!, epsilon);
      }
      module.scaleShift(heap.at(x!), factor, shift, heap.at(y), rows, channels, slope);
    });
    return [y, mean, variance];
  };

  const batchNormTrainGradient: HeapKernel = ({ dy, x, scale, offset, mean, variance }, attributes) => {
    const { epsilon, slope } = attributes as NormAttributes;
    const { rows, channels } = layout(x!);
    const dx = heap.output(x!.shape);
    const dScale = heap.output([channels]);
    const dOffset = heap.output([channels]);
    heap.withScratch((SUMS_BYTES + 8) * channels, (scratch) => {
      const factor = scratch + 16 * channels;
      const shift = factor + 4 * channels;
      const byX = shift + 4 * channels;
      const constant = byX + 4 * channels;
      const view = (address: number) => new Float32Array(heap.memory.buffer, address, channels);
      const [factors, shifts, byXs, constants] = [view(factor), view(shift), view(byX), view(constant)];
      const [gamma, beta, means] = [heap.float32(scale!), heap.float32(offset!), heap.float32(mean!)];
      const variances = heap.float32(variance!);
      for (let c = 0; c < channels; c++) {
        [factors[c], shifts[c]] = affine(gamma[c]!, beta[c]!, means[c]!, variances[c]!, epsilon);
      }
      const [xAt, dyAt, meanAt] = [heap.at(x!), heap.at(dy!), heap.at(mean!)];
      const products = scratch + 8 * channels;
      module.normGradientSums(xAt, dyAt, factor, shift, meanAt, scratch, products, rows, channels, slope);
      const [sums, aroundMean] = pair(heap, scratch, channels);
      const [dGamma, dBeta] = [heap.float32(dScale), heap.float32(dOffset)];
      for (let c = 0; c < channels; c++) {
        const inverse = 1 / Math.sqrt(variances[c]! + epsilon);
        dBeta[c] = sums[c]!;
        dGamma[c] = aroundMean[c]! * inverse;
        // dx = factor (dz - sum / rows - normal dScale / rows), expanded into terms of dz, x and a constant.
        const slopeOfX = (factors[c]! * inverse * dGamma[c]!) / rows;
        byXs[c] = slopeOfX;
        constants[c] = (factors[c]! * sums[c]!) / rows - slopeOfX * means[c]!;
      }
      module.normGradient(xAt, dyAt, factor, shift, byX, constant, heap.at(dx), rows, channels, slope);
    });
    return [dx, dScale, dOffset];
  };

  const trackStatistics: HeapKernel = ({ runningMean, runningVariance, mean, variance }, attributes) => {
    const { momentum, correction } = attributes as { momentum: number; correction: number };
    const moved = (running: tf.TensorInfo, batch: tf.TensorInfo, share: number) => {
      const out = heap.output(running.shape);
      const [from, by, to] = [heap.float32(running), heap.float32(batch), heap.float32(out)];
      for (let c = 0; c < to.length; c++) to[c] = from[c]! * (1 - momentum) + by[c]! * share;
      return out;
    };
    return [moved(runningMean!, mean!, momentum), moved(runningVariance!, variance!, momentum * correction)];
  };

  const scaleShift: HeapKernel = ({ x, factor, shift }, attributes) => {
    const { slope } = attributes as NormAttributes;
    const { rows, channels } = layout(x!);
    const y = heap.output(x!.shape);
    module.scaleShift(heap.at(x!), heap.at(factor!), heap.at(shift!), heap.at(y), rows, channels, slope);
    return [y];
  };

  return { batchNormTrain, batchNormTrainGradient, trackStatistics, scaleShift };
}

/** Scratch memory per channel: two float64 sums and three float32 values. */
const SUMS_BYTES = 28;

function layout(x: tf.TensorInfo): { rows: number; channels: number } {
  const channels = x.shape.at(-1)!;
  return { rows: sizeOf(x.shape) / channels, channels };
}

/** Two float64 vectors, one after the other. */
function pair(heap: Heap, address: number, channels: number): [Float64Array, Float64Array] {
  const view = (at: number) => new Float64Array(heap.memory.buffer, at, channels);
  return [view(address), view(address + 8 * channels)];
}

/** Batch normalisation of a channel as factor x + shift. */
function affine(scale: number, offset: number, mean: number, variance: number, epsilon: number): [number, number] {
  const factor = scale / Math.sqrt(variance + epsilon);
  return [factor, offset - mean * factor];
}
