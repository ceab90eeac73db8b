// Elementwise kernels.

/** Copies `rows` rows of `width` values. Source and destination may have gaps between their rows. */
export function copyRows(from: usize, fromStep: i32, to: usize, toStep: i32, rows: i32, width: i32): void {
  const bytes = (<usize>width) << 2;
  for (let r = 0; r < rows; r++) {
    memory.copy(to, from, bytes);
    from += (<usize>fromStep) << 2;
    to += (<usize>toStep) << 2;
  }
}

/** Adds `rows` rows of `width` values to those at `to`. Source and destination may have gaps between their rows. */
export function addRows(from: usize, fromStep: i32, to: usize, toStep: i32, rows: i32, width: i32): void {
  const bytes = (<usize>width) << 2;
  for (let r = 0; r < rows; r++) {
    let i: usize = 0;
    for (; i + 16 <= bytes; i += 16) v128.store(to + i, f32x4.add(v128.load(to + i), v128.load(from + i)));
    for (; i < bytes; i += 4) f32.store(to + i, f32.load(to + i) + f32.load(from + i));
    from += (<usize>fromStep) << 2;
    to += (<usize>toStep) << 2;
  }
}

/** out = max(a + b, 0). */
export function addRelu(a: usize, b: usize, out: usize, count: i32): void {
  const bytes = (<usize>count) << 2;
  const zero = f32x4.splat(0);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(out + i, f32x4.max(f32x4.add(v128.load(a + i), v128.load(b + i)), zero));
  for (; i < bytes; i += 4) f32.store(out + i, max<f32>(f32.load(a + i) + f32.load(b + i), 0));
}

/** out = dy where y > 0, else 0. */
export function maskPositive(dy: usize, y: usize, out: usize, count: i32): void {
  const bytes = (<usize>count) << 2;
  const zero = f32x4.splat(0);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(out + i, v128.and(v128.load(dy + i), f32x4.gt(v128.load(y + i), zero)));
  for (; i < bytes; i += 4) f32.store(out + i, f32.load(y + i) > 0 ? f32.load(dy + i) : 0);
}

/** velocityOut = momentum velocity + gradient + decay variable; variableOut = variable - rate velocityOut. */
export function sgd(
  variable: usize, gradient: usize, velocity: usize, variableOut: usize, velocityOut: usize, count: i32,
  rate: f32, momentum: f32, decay: f32,
): void {
  const bytes = (<usize>count) << 2;
  const r = f32x4.splat(rate), m = f32x4.splat(momentum), d = f32x4.splat(decay);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const w = v128.load(variable + i);
    const slope = f32x4.add(v128.load(gradient + i), f32x4.mul(w, d));
    const v = f32x4.add(f32x4.mul(v128.load(velocity + i), m), slope);
    v128.store(velocityOut + i, v);
    v128.store(variableOut + i, f32x4.sub(w, f32x4.mul(v, r)));
  }
  for (; i < bytes; i += 4) {
    const w = f32.load(variable + i);
    const v = f32.load(velocity + i) * momentum + (f32.load(gradient + i) + w * decay);
    f32.store(velocityOut + i, v);
    f32.store(variableOut + i, w - v * rate);
  }
}
