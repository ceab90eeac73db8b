import { tf } from '../../../operations/tf.js';

/** A run has three widths for each of its images' two sides. */
const MATRICES_KEPT = 6;

/** The newest blur matrices, by length and taps: they are computed in JavaScript, a few million values for a large crop. */
const kept = new Map<string, Float32Array>();

/** The odd whole number at `length` or just above. */
export function oddSize(length: number): number {
  const whole = Math.floor(length);
  return whole % 2 === 0 ? whole + 1 : whole;
}

/**
 * Blurs N,H,W,1 by a Gaussian of `taps` (odd) pixels a side with standard deviation 0.15 taps + 0.35, which is OpenCV's rule;
 * at the borders the image is mirrored. Each axis is a product with a matrix.
 */
export function gaussianBlur(x: tf.Tensor4D, taps: number): tf.Tensor4D {
  const [count, height, width] = x.shape;
  const rows = tf.matMul(tf.reshape(x, [count * height, width]), blurMatrix(width, taps), false, true);
  const turned = tf.transpose(tf.reshape(rows, [count, height, width]), [0, 2, 1]);
  const columns = tf.matMul(tf.reshape(turned, [count * width, height]), blurMatrix(height, taps), false, true);
  const back = tf.transpose(tf.reshape(columns, [count, width, height]), [0, 2, 1]);
  return tf.reshape(back, [count, height, width, 1]);
}

/** [length, length]: how much of input i is in output o, at [o, i]. */
function blurMatrix(length: number, taps: number): tf.Tensor2D {
  const key = `${length} ${taps}`;
  const shares = kept.get(key) ?? blurShares(length, taps);
  if (!kept.has(key) && kept.size === MATRICES_KEPT) kept.delete(kept.keys().next().value!);
  kept.set(key, shares);
  return tf.tensor2d(shares, [length, length]);
}

function blurShares(length: number, taps: number): Float32Array {
  const radius = (taps - 1) / 2;
  if (radius >= length) throw new RangeError(`a blur of ${taps} pixels is too wide for ${length}`);
  const deviation = 0.3 * (radius - 1) + 0.8;
  const weights = Array.from({ length: taps }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * deviation ** 2)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const shares = new Float32Array(length * length);
  for (let output = 0; output < length; output++) {
    for (const [i, weight] of weights.entries()) {
      const input = mirrored(output + i - radius, length);
      shares[output * length + input]! += weight / sum;
    }
  }
  return shares;
}

/** The place inside that a place outside is the mirror image of; the border itself is not repeated. */
function mirrored(at: number, length: number): number {
  if (at < 0) return -at;
  return at < length ? at : 2 * (length - 1) - at;
}
