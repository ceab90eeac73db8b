// Bilinear resizing with aligned corners, and its gradient. It is linear in each axis: the rows of the small image are first
// stretched horizontally, then whole rows, which are long vectors, are mixed. `stretched` is scratch space for n x h x ow x c
// values.

/** to[0..bytes) += from * weight. */
// @ts-ignore: decorator
@inline
function addScaled(to: usize, from: usize, weight: f32, bytes: usize): void {
  const weights = f32x4.splat(weight);
  let k: usize = 0;
  for (; k + 16 <= bytes; k += 16) {
    v128.store(to + k, f32x4.add(v128.load(to + k), f32x4.mul(v128.load(from + k), weights)));
  }
  for (; k < bytes; k += 4) f32.store(to + k, f32.load(to + k) + f32.load(from + k) * weight);
}

/** to = a + (b - a) * share. */
// @ts-ignore: decorator
@inline
function mixRows(to: usize, a: usize, b: usize, share: f32, bytes: usize): void {
  const shares = f32x4.splat(share);
  let k: usize = 0;
  for (; k + 16 <= bytes; k += 16) {
    const low = v128.load(a + k);
    v128.store(to + k, f32x4.add(low, f32x4.mul(f32x4.sub(v128.load(b + k), low), shares)));
  }
  for (; k < bytes; k += 4) f32.store(to + k, f32.load(a + k) + (f32.load(b + k) - f32.load(a + k)) * share);
}

/** The distance between two outputs, in inputs. */
// @ts-ignore: decorator
@inline
function step(from: i32, to: i32): f32 {
  return to > 1 ? <f32>(from - 1) / <f32>(to - 1) : 0;
}

/** x is n x h x w x c, y n x oh x ow x c. */
export function resize(x: usize, y: usize, stretched: usize, n: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32): void {
  const bytes = (<usize>c) << 2;
  const row = <usize>ow * bytes;
  const xStep = step(w, ow), yStep = step(h, oh);
  for (let line = 0; line < n * h; line++) {
    const from = x + <usize>(line * w) * bytes;
    for (let ox = 0; ox < ow; ox++) {
      const at = <f32>ox * xStep;
      const low = min(<i32>at, w - 1);
      const high = min(low + 1, w - 1);
      mixRows(stretched + <usize>(line * ow + ox) * bytes, from + <usize>low * bytes, from + <usize>high * bytes, at - <f32>low, bytes);
    }
  }
  for (let image = 0; image < n; image++) {
    const plane = stretched + <usize>(image * h) * row;
    for (let oy = 0; oy < oh; oy++, y += row) {
      const at = <f32>oy * yStep;
      const low = min(<i32>at, h - 1);
      mixRows(y, plane + <usize>low * row, plane + <usize>min(low + 1, h - 1) * row, at - <f32>low, row);
    }
  }
}

/** dy is n x oh x ow x c, dx n x h x w x c, overwritten. */
export function resizeGradient(dy: usize, dx: usize, stretched: usize, n: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32): void {
  const bytes = (<usize>c) << 2;
  const row = <usize>ow * bytes;
  const xStep = step(w, ow), yStep = step(h, oh);
  memory.fill(stretched, 0, <usize>(n * h) * row);
  memory.fill(dx, 0, <usize>(n * h * w) * bytes);
  for (let image = 0; image < n; image++) {
    const plane = stretched + <usize>(image * h) * row;
    for (let oy = 0; oy < oh; oy++, dy += row) {
      const at = <f32>oy * yStep;
      const low = min(<i32>at, h - 1);
      const share = at - <f32>low;
      addScaled(plane + <usize>low * row, dy, 1 - share, row);
      addScaled(plane + <usize>min(low + 1, h - 1) * row, dy, share, row);
    }
  }
  for (let line = 0; line < n * h; line++) {
    const to = dx + <usize>(line * w) * bytes;
    for (let ox = 0; ox < ow; ox++) {
      const at = <f32>ox * xStep;
      const low = min(<i32>at, w - 1);
      const share = at - <f32>low;
      const from = stretched + <usize>(line * ow + ox) * bytes;
      addScaled(to + <usize>low * bytes, from, 1 - share, bytes);
      addScaled(to + <usize>min(low + 1, w - 1) * bytes, from, share, bytes);
    }
  }
}
