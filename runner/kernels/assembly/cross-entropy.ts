// Softmax cross-entropy from integer labels, with its gradient, and the label of the largest logit.

/** exp of four values of at most 0: Cephes' polynomial after reduction to [-ln2/2, ln2/2], within 2 ulp. */
// @ts-ignore: decorator
@inline
function expNegative(value: v128): v128 {
  const x = f32x4.max(value, f32x4.splat(-87.0));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  // ln 2 is split in two parts, so that the reduced value loses no bits.
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

/**
 * Natural logarithm of a value of at least 1: 2 artanh((m - 1) / (m + 1)) of the mantissa, to 1e-13. The standard library's
 * logarithm is not used because it keeps a table in memory.
 */
// @ts-ignore: decorator
@inline
function logarithm(value: f64): f64 {
  const bits = reinterpret<u64>(value);
  let exponent = <i32>(bits >> 52) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    exponent++;
  }
  const t = (m - 1) / (m + 1);
  const q = t * t;
  const series = 1 + q * (1 / 3.0 + q * (1 / 5.0 + q * (1 / 7.0 + q * (1 / 9.0 + q * (1 / 11.0 + q * (1 / 13.0 + q / 15.0))))));
  return 2 * t * series + <f64>exponent * 0.6931471805599453;
}

/** Largest of c values. */
// @ts-ignore: decorator
@inline
function largest(z: usize, c: i32): f32 {
  let top = f32.load(z);
  for (let k = 1; k < c; k++) top = max(top, f32.load(z + ((<usize>k) << 2)));
  return top;
}

/** Writes exp(z - top) of c values to out and returns their sum. */
// @ts-ignore: decorator
@inline
function exponentials(z: usize, out: usize, c: i32, top: f32): f32 {
  const tops = f32x4.splat(top);
  let sum = f32x4.splat(0);
  let k = 0;
  for (; k + 4 <= c; k += 4) {
    const e = expNegative(f32x4.sub(v128.load(z + ((<usize>k) << 2)), tops));
    v128.store(out + ((<usize>k) << 2), e);
    sum = f32x4.add(sum, e);
  }
  if (k < c && c >= 4) {
    // Recomputes the last four values. Those already written get the same value and are not counted again.
    const at = (<usize>(c - 4)) << 2;
    const e = expNegative(f32x4.sub(v128.load(z + at), tops));
    v128.store(out + at, e);
    const fresh = i32x4.ge_s(i32x4(0, 1, 2, 3), i32x4.splat(4 - (c - k)));
    sum = f32x4.add(sum, v128.and(e, fresh));
    k = c;
  }
  let total = f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3);
  for (; k < c; k++) {
    const e = f32x4.extract_lane(expNegative(f32x4.splat(f32.load(z + ((<usize>k) << 2)) - top)), 0);
    f32.store(out + ((<usize>k) << 2), e);
    total += e;
  }
  return total;
}

/** q to the power gamma > 0, for q in (0, 1]. */
// @ts-ignore: decorator
@inline
function power(q: f32, gamma: f32): f32 {
  return f32x4.extract_lane(expNegative(f32x4.splat(<f32>(-<f64>gamma * logarithm(1.0 / <f64>q)))), 0);
}

/**
 * Writes the mean of -log softmax(logits)[label] over the pixels whose label is not `ignore` to loss[0], and its gradient
 * with respect to the logits. If `hasWeights`, a pixel counts as often as weights[label] says, and `weights` is not read
 * otherwise; if `gamma` is not 0, the focal loss takes the place of the cross-entropy. Returns the number of labels that are
 * neither a class nor `ignore`; unless it is 0, the results are invalid.
 */
export function crossEntropy(logits: usize, labelsI32: usize, weights: usize, gradient: usize, loss: usize, pixels: i32, c: i32, ignore: i32, hasWeights: i32, gamma: f32): i32 {
  let count = 0;
  let wrong = 0;
  for (let p = 0; p < pixels; p++) {
    const label = i32.load(labelsI32 + ((<usize>p) << 2));
    if (label == ignore) continue;
    if (<u32>label >= <u32>c) wrong++;
    count++;
  }
  if (wrong > 0) return wrong;
  let all = <f64>count;
  if (hasWeights) {
    all = 0;
    for (let p = 0; p < pixels; p++) {
      const label = i32.load(labelsI32 + ((<usize>p) << 2));
      if (label != ignore) all += <f64>f32.load(weights + ((<usize>label) << 2));
    }
  }
  const one: f32 = all > 0 ? <f32>(1.0 / all) : 0;
  const bytes = (<usize>c) << 2;
  let sum: f64 = 0;
  for (let p = 0; p < pixels; p++) {
    const label = i32.load(labelsI32 + ((<usize>p) << 2));
    if (label == ignore) {
      memory.fill(gradient, 0, bytes);
    } else {
      const top = largest(logits, c);
      const total = exponentials(logits, gradient, c, top);
      const at = (<usize>label) << 2;
      // total - total is 0, or NaN if the total is NaN, which the logarithm would lose because it works on the bits.
      const entropy = logarithm(<f64>total) + <f64>(total - total) + <f64>(top - f32.load(logits + at));
      const weight: f32 = hasWeights ? f32.load(weights + at) : 1;
      let share = one * weight;
      if (gamma == 0) sum += <f64>weight * entropy;
      else {
        const q: f32 = 1 - f32.load(gradient + at) / total;
        // As q approaches 0, so does the entropy, and their ratio approaches 1. NaN stays NaN.
        const tiny = q <= 1e-6;
        const ratio: f32 = tiny ? 1 : <f32>(entropy / <f64>q);
        const focus = power(tiny ? <f32>1e-6 : q, gamma);
        sum += <f64>weight * <f64>focus * entropy;
        share *= focus * (1 + gamma * (1 - q) * ratio);
      }
      const factor = share / total;
      for (let k: usize = 0; k < bytes; k += 4) f32.store(gradient + k, f32.load(gradient + k) * factor);
      f32.store(gradient + at, f32.load(gradient + at) - share);
    }
    logits += bytes;
    gradient += bytes;
  }
  f32.store(loss, all > 0 ? <f32>(sum / all) : 0);
  return 0;
}

/**
 * Writes the probability of each pixel's label to out, 1 for ignored ones, with the digits that the gradient of the mean
 * cross-entropy gives it: 1 minus half of what its magnitudes add up to, times the number of labels. `scratch` has room for c
 * values. Returns the number of labels that are neither a class nor `ignore`; unless it is 0, the results are invalid.
 */
export function trueClass(logits: usize, labelsI32: usize, out: usize, scratch: usize, pixels: i32, c: i32, ignore: i32): i32 {
  let count = 0;
  let wrong = 0;
  for (let p = 0; p < pixels; p++) {
    const label = i32.load(labelsI32 + ((<usize>p) << 2));
    if (label == ignore) continue;
    if (<u32>label >= <u32>c) wrong++;
    count++;
  }
  if (wrong > 0) return wrong;
  const one: f32 = count > 0 ? <f32>(1.0 / <f64>count) : 0;
  const half: f32 = <f32>count * 0.5;
  const bytes = (<usize>c) << 2;
  for (let p = 0; p < pixels; p++) {
    const label = i32.load(labelsI32 + ((<usize>p) << 2));
    let sum: f32 = 0;
    if (label != ignore) {
      const factor = one / exponentials(logits, scratch, c, largest(logits, c));
      const at = (<usize>label) << 2;
      for (let k: usize = 0; k < bytes; k += 4) {
        let g = f32.load(scratch + k) * factor;
        if (k == at) g -= one;
        sum += abs(g);
      }
    }
    f32.store(out + ((<usize>p) << 2), 1 - sum * half);
    logits += bytes;
  }
  return 0;
}

/** The index of the largest logit of each pixel, the first one on ties, as int32. */
export function argmax(logits: usize, outI32: usize, pixels: i32, c: i32): void {
  for (let p = 0; p < pixels; p++) {
    let best = 0;
    let top = f32.load(logits);
    for (let k = 1; k < c; k++) {
      const v = f32.load(logits + ((<usize>k) << 2));
      if (v > top) {
        top = v;
        best = k;
      }
    }
    i32.store(outI32 + ((<usize>p) << 2), best);
    logits += (<usize>c) << 2;
  }
}
