import { tf } from '../../../operations/tf.js';

/** scipy's default: its kernel ends after this many standard deviations. */
const TRUNCATE = 4;

/** A run blurs with three widths, along the two sides of its images. */
const MATRICES_KEPT = 6;

/** The latest blur matrices, by length and taps. Computing them takes a while: a few million values for a large crop. */
const kept = new Map<string, Float32Array>();

/** Rounds `length` down to an integer, then up to the next odd one. */
export function oddSize(length: number): number {
  const whole = Math.floor(length);
  return whole % 2 === 0 ? whole + 1 : whole;
}

/**
 * Blurs N,H,W,1 with a Gaussian kernel of `taps` (odd) pixels per side and standard deviation 0.15 taps + 0.35, as in OpenCV.
 * The image is mirrored at its borders. Each axis is blurred by a product with a matrix. With `folded`, the part of the
 * Gaussian outside the kernel is mirrored into it: the original code of GCT blurs a single point with scipy to make its
 * kernel.
 */
export function gaussianBlur(x: tf.Tensor4D, taps: number, folded = false): tf.Tensor4D {
  const [count, height, width] = x.shape;
  const rows = tf.matMul(tf.reshape(x, [count * height, width]), blurMatrix(width, taps, folded), false, true);
  const turned = tf.transpose(tf.reshape(rows, [count, height, width]), [0, 2, 1]);
  const columns = tf.matMul(tf.reshape(turned, [count * width, height]), blurMatrix(height, taps, folded), false, true);
  const back = tf.transpose(tf.reshape(columns, [count, width, height]), [0, 2, 1]);
  return tf.reshape(back, [count, height, width, 1]);
}

/** A matrix [length, length] with the weight of input i in output o at [o, i]. */
function blurMatrix(length: number, taps: number, folded: boolean): tf.Tensor2D {
  const key = `${length} ${taps} ${folded}`;
  const shares = kept.get(key) ?? blurShares(length, taps, folded);
  if (!kept.has(key) && kept.size === MATRICES_KEPT) kept.delete(kept.keys().next().value!);
  kept.set(key, shares);
  return tf.tensor2d(shares, [length, length]);
}

function blurShares(length: number, taps: number, folded: boolean): Float32Array {
  const radius = (taps - 1) / 2;
  if (radius >= length)
    throw new RangeError(
      `a blur of ${taps} pixels is too wide for a side of ${length}: its radius ${radius} must be less than the side`,
    );
  const deviation = 0.3 * (radius - 1) + 0.8;
  const reach = folded ? Math.floor(TRUNCATE * deviation + 0.5) : radius;
  const weights = new Array<number>(taps).fill(0);
  for (let offset = -reach; offset <= reach; offset++) {
    weights[foldedInto(taps, radius + offset)]! += Math.exp(-(offset ** 2) / (2 * deviation ** 2));
  }
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

/** Maps a position outside a kernel to its mirror image inside. The border is repeated. */
function foldedInto(taps: number, at: number): number {
  const within = ((at % (2 * taps)) + 2 * taps) % (2 * taps);
  return within < taps ? within : 2 * taps - 1 - within;
}

/** Maps a position outside to its mirror image inside. The border pixel itself is not repeated. */
function mirrored(at: number, length: number): number {
  if (at < 0) return -at;
  return at < length ? at : 2 * (length - 1) - at;
}
