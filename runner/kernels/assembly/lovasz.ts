// The Lovász-Softmax loss (Berman et al., CVPR 2018) of class probabilities, with its gradient.

/** The bits of a float32 in [0, 1] below its sign and the highest bit of its exponent, in three digits. */
const DIGIT_BITS = 10;
const DIGITS = 3;
const DIGIT: u64 = (1 << DIGIT_BITS) - 1;

/** Sorts 64-bit keys by the bits above the lowest 32, in stable passes over their digits. Returns the address of the sorted ones. */
function sorted(keys: usize, other: usize, starts: usize, count: i32): usize {
  for (let digit = 0; digit < DIGITS; digit++) {
    const shift: u64 = 32 + digit * DIGIT_BITS;
    memory.fill(starts, 0, 4 << DIGIT_BITS);
    for (let i = 0; i < count; i++) {
      const at = starts + ((<usize>((load<u64>(keys + ((<usize>i) << 3)) >> shift) & DIGIT)) << 2);
      i32.store(at, i32.load(at) + 1);
    }
    let start = 0;
    for (let value: usize = 0; value <= <usize>DIGIT; value++) {
      const at = starts + (value << 2);
      const held = i32.load(at);
      i32.store(at, start);
      start += held;
    }
    for (let i = 0; i < count; i++) {
      const key = load<u64>(keys + ((<usize>i) << 3));
      const at = starts + ((<usize>((key >> shift) & DIGIT)) << 2);
      const to = i32.load(at);
      store<u64>(other + ((<usize>to) << 3), key);
      i32.store(at, to + 1);
    }
    const swapped = keys;
    keys = other;
    other = swapped;
  }
  return keys;
}

// @ts-ignore: decorator
@inline
function labelOf(labelsI32: usize, p: i32): i32 {
  return i32.load(labelsI32 + ((<usize>p) << 2));
}

/** The loss of class k, of which `positives` pixels are labelled. Writes its gradient, times `share`. */
function lovaszOf(probabilities: usize, labelsI32: usize, gradient: usize, pixels: i32, c: i32, ignore: i32, k: i32, positives: i32, share: f32, scratch: usize): f64 {
  const keys = scratch + (4 << DIGIT_BITS);
  let count = 0;
  for (let p = 0; p < pixels; p++) {
    const label = labelOf(labelsI32, p);
    if (label == ignore) continue;
    const probability = f32.load(probabilities + ((<usize>p * <usize>c + <usize>k) << 2));
    const error: f32 = label == k ? 1 - probability : probability;
    // Rounding may make an error negative. Inverted, so that the largest error comes first.
    const bits = ~reinterpret<u32>(error < 0 ? <f32>0 : error) & <u32>((1 << (DIGITS * DIGIT_BITS)) - 1);
    store<u64>(keys + ((<usize>count) << 3), (<u64>bits << 32) | <u64>p);
    count++;
  }
  const order = sorted(keys, keys + ((<usize>pixels) << 3), scratch, count);
  let sum: f64 = 0;
  let missing = <f64>positives;
  let joined = <f64>positives;
  for (let i = 0; i < count; i++) {
    const p = <i32>load<u64>(order + ((<usize>i) << 3));
    const at = (<usize>p * <usize>c + <usize>k) << 2;
    const probability = f32.load(probabilities + at);
    // By how much 1 - IoU grows if this pixel is wrong, too: a difference of two nearly equal numbers, without computing them.
    if (labelOf(labelsI32, p) == k) {
      missing--;
      sum += <f64>(1 - probability) / joined;
      f32.store(gradient + at, -(<f32>(1 / joined)) * share);
    } else {
      joined++;
      const step = missing / (joined * (joined - 1));
      sum += step * <f64>probability;
      f32.store(gradient + at, <f32>step * share);
    }
  }
  return sum;
}

/**
 * Writes the Lovász-Softmax of the probabilities, over the classes that are present among the labels that are not `ignore`, to
 * loss[0], and its gradient with respect to the probabilities; 0 if there are none. Needs 4 (1024 + c) + 16 pixels bytes of
 * scratch space. Returns the number of labels that are neither a class nor `ignore`; unless it is 0, the results are invalid.
 */
export function lovasz(probabilities: usize, labelsI32: usize, gradient: usize, loss: usize, scratch: usize, pixels: i32, c: i32, ignore: i32): i32 {
  const present = scratch + (4 << DIGIT_BITS) + ((<usize>pixels) << 4);
  memory.fill(present, 0, (<usize>c) << 2);
  let wrong = 0;
  for (let p = 0; p < pixels; p++) {
    const label = labelOf(labelsI32, p);
    if (label == ignore) continue;
    if (<u32>label >= <u32>c) wrong++;
    else {
      const at = present + ((<usize>label) << 2);
      i32.store(at, i32.load(at) + 1);
    }
  }
  if (wrong > 0) return wrong;
  let classes = 0;
  for (let k = 0; k < c; k++) if (labelOf(present, k) > 0) classes++;
  memory.fill(gradient, 0, (<usize>pixels * <usize>c) << 2);
  const share: f32 = classes > 0 ? 1 / <f32>classes : 0;
  let sum: f64 = 0;
  for (let k = 0; k < c; k++) {
    const positives = labelOf(present, k);
    if (positives > 0) sum += lovaszOf(probabilities, labelsI32, gradient, pixels, c, ignore, k, positives, share, scratch);
  }
  f32.store(loss, classes > 0 ? <f32>(sum / <f64>classes) : 0);
  return 0;
}
