// Batch normalisation of [rows][c] (rows = N H W) fused with max(z, slope z), which is the identity at slope 1, ReLU at 0
// and leaky ReLU in between. Channels are processed in blocks of 8 and 4, whose sums stay in registers, then one by one.

/** Number of rows that are summed in float32 before the sums are added up in float64, which keeps long sums exact. */
const STRETCH: i32 = 512;

/** sums[channel] += a, in float64. */
// @ts-ignore: decorator
@inline
function addTo(sums: usize, channel: i32, a: v128): void {
  const at = sums + ((<usize>channel) << 3);
  f64.store(at, f64.load(at) + <f64>f32x4.extract_lane(a, 0));
  f64.store(at, f64.load(at, 8) + <f64>f32x4.extract_lane(a, 1), 8);
  f64.store(at, f64.load(at, 16) + <f64>f32x4.extract_lane(a, 2), 16);
  f64.store(at, f64.load(at, 24) + <f64>f32x4.extract_lane(a, 3), 24);
}

/**
 * Sum and sum of squares of x - centre for every channel. Overwrites the float64 outputs of c values each.
 */
export function channelSums(x: usize, centre: usize, sumsF64: usize, squaresF64: usize, rows: i32, c: i32): void {
  memory.fill(sumsF64, 0, (<usize>c) << 3);
  memory.fill(squaresF64, 0, (<usize>c) << 3);
  const step = (<usize>c) << 2;
  for (let top = 0; top < rows; top += STRETCH) {
    const end = min(top + STRETCH, rows);
    const from = x + <usize>top * step;
    let k = 0;
    for (; k + 4 <= c; k += 4) {
      let at = from + ((<usize>k) << 2);
      const m = v128.load(centre + ((<usize>k) << 2));
      let s = f32x4.splat(0), q = f32x4.splat(0);
      for (let r = top; r < end; r++) {
        const v = f32x4.sub(v128.load(at), m);
        s = f32x4.add(s, v);
        q = f32x4.add(q, f32x4.mul(v, v));
        at += step;
      }
      addTo(sumsF64, k, s);
      addTo(squaresF64, k, q);
    }
    for (; k < c; k++) {
      let at = from + ((<usize>k) << 2);
      const m = f32.load(centre + ((<usize>k) << 2));
      let s: f64 = 0, q: f64 = 0;
      for (let r = top; r < end; r++) {
        const v = f32.load(at) - m;
        s += v;
        q += v * v;
        at += step;
      }
      const to = (<usize>k) << 3;
      f64.store(sumsF64 + to, f64.load(sumsF64 + to) + s);
      f64.store(squaresF64 + to, f64.load(squaresF64 + to) + q);
    }
  }
}

/** out = activate(x * factor + shift), channel by channel. */
export function scaleShift(x: usize, factor: usize, shift: usize, out: usize, rows: i32, c: i32, slope: f32): void {
  const bytes = (<usize>c) << 2;
  const lean = f32x4.splat(slope);
  for (let r = 0; r < rows; r++) {
    let k: usize = 0;
    for (; k + 16 <= bytes; k += 16) {
      const z = f32x4.add(f32x4.mul(v128.load(x + k), v128.load(factor + k)), v128.load(shift + k));
      v128.store(out + k, f32x4.max(z, f32x4.mul(z, lean)));
    }
    for (; k < bytes; k += 4) {
      const z = f32.load(x + k) * f32.load(factor + k) + f32.load(shift + k);
      f32.store(out + k, max(z, z * slope));
    }
    x += bytes;
    out += bytes;
  }
}

/** dy where z = x factor + shift is positive, slope dy elsewhere. */
// @ts-ignore: decorator
@inline
function beforeActivation(x: v128, dy: v128, factor: v128, shift: v128, lean: v128): v128 {
  const positive = f32x4.gt(f32x4.add(f32x4.mul(x, factor), shift), f32x4.splat(0));
  return v128.bitselect(dy, f32x4.mul(dy, lean), positive);
}

/** Per channel, the sums of dz and of dz (x - mean), where dz is dy before the activation. Overwrites the float64 outputs. */
export function normGradientSums(
  x: usize, dy: usize, factor: usize, shift: usize, mean: usize, sumsF64: usize, productsF64: usize, rows: i32, c: i32, slope: f32,
): void {
  memory.fill(sumsF64, 0, (<usize>c) << 3);
  memory.fill(productsF64, 0, (<usize>c) << 3);
  const step = (<usize>c) << 2;
  const lean = f32x4.splat(slope);
  for (let top = 0; top < rows; top += STRETCH) {
    const end = min(top + STRETCH, rows);
    const start = <usize>top * step;
    let k = 0;
    for (; k + 4 <= c; k += 4) {
      const channel = (<usize>k) << 2;
      let at = start + channel;
      const f = v128.load(factor + channel), b = v128.load(shift + channel), m = v128.load(mean + channel);
      let s = f32x4.splat(0), q = f32x4.splat(0);
      for (let r = top; r < end; r++) {
        const v = v128.load(x + at);
        const dz = beforeActivation(v, v128.load(dy + at), f, b, lean);
        s = f32x4.add(s, dz);
        q = f32x4.add(q, f32x4.mul(dz, f32x4.sub(v, m)));
        at += step;
      }
      addTo(sumsF64, k, s);
      addTo(productsF64, k, q);
    }
    for (; k < c; k++) {
      const channel = (<usize>k) << 2;
      let at = start + channel;
      const f = f32.load(factor + channel), b = f32.load(shift + channel), m = f32.load(mean + channel);
      let s: f64 = 0, q: f64 = 0;
      for (let r = top; r < end; r++) {
        const v = f32.load(x + at);
        const g = f32.load(dy + at);
        const dz = v * f + b > 0 ? g : g * slope;
        s += dz;
        q += dz * (v - m);
        at += step;
      }
      const to = (<usize>k) << 3;
      f64.store(sumsF64 + to, f64.load(sumsF64 + to) + s);
      f64.store(productsF64 + to, f64.load(productsF64 + to) + q);
    }
  }
}

/** dx = factor dz - byX x - constant, channel by channel. */
export function normGradient(
  x: usize, dy: usize, factor: usize, shift: usize, byX: usize, constant: usize, dx: usize, rows: i32, c: i32, slope: f32,
): void {
  const bytes = (<usize>c) << 2;
  const lean = f32x4.splat(slope);
  for (let r = 0; r < rows; r++) {
    let k: usize = 0;
    for (; k + 16 <= bytes; k += 16) {
      const v = v128.load(x + k), f = v128.load(factor + k);
      const dz = beforeActivation(v, v128.load(dy + k), f, v128.load(shift + k), lean);
      const straight = f32x4.sub(f32x4.mul(f, dz), v128.load(constant + k));
      v128.store(dx + k, f32x4.sub(straight, f32x4.mul(v, v128.load(byX + k))));
    }
    for (; k < bytes; k += 4) {
      const v = f32.load(x + k), f = f32.load(factor + k), g = f32.load(dy + k);
      const dz = v * f + f32.load(shift + k) > 0 ? g : g * slope;
      f32.store(dx + k, f * dz - f32.load(constant + k) - v * f32.load(byX + k));
    }
    x += bytes;
    dy += bytes;
    dx += bytes;
  }
}
