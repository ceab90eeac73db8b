// Gradients of bilinear resizing and of max pooling: each output's gradient goes back to the inputs it was made of.

/** to[0..c) += from[0..c) * weight. */
// @ts-ignore: decorator
@inline
function addWeighted(to: usize, from: usize, weight: f32, bytes: usize): void {
  const weights = f32x4.splat(weight);
  let k: usize = 0;
  for (; k + 16 <= bytes; k += 16) {
    v128.store(to + k, f32x4.add(v128.load(to + k), f32x4.mul(v128.load(from + k), weights)));
  }
  for (; k < bytes; k += 4) f32.store(to + k, f32.load(to + k) + f32.load(from + k) * weight);
}

/** dy is n x oh x ow x c, dx n x h x w x c, overwritten; corners are aligned. */
export function resizeGradient(dy: usize, dx: usize, n: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32): void {
  const bytes = (<usize>c) << 2;
  memory.fill(dx, 0, <usize>(n * h * w) * bytes);
  const yScale: f32 = oh > 1 ? <f32>(h - 1) / <f32>(oh - 1) : 0;
  const xScale: f32 = ow > 1 ? <f32>(w - 1) / <f32>(ow - 1) : 0;
  for (let image = 0; image < n; image++) {
    const plane = dx + <usize>(image * h * w) * bytes;
    for (let oy = 0; oy < oh; oy++) {
      const fy = <f32>oy * yScale;
      const y0 = min(<i32>fy, h - 1);
      const ty = fy - <f32>y0;
      const above = plane + <usize>(y0 * w) * bytes;
      const below = plane + <usize>(min(y0 + 1, h - 1) * w) * bytes;
      for (let ox = 0; ox < ow; ox++) {
        const fx = <f32>ox * xScale;
        const x0 = min(<i32>fx, w - 1);
        const tx = fx - <f32>x0;
        const left = <usize>x0 * bytes;
        const right = <usize>min(x0 + 1, w - 1) * bytes;
        addWeighted(above + left, dy, (1 - ty) * (1 - tx), bytes);
        addWeighted(above + right, dy, (1 - ty) * tx, bytes);
        addWeighted(below + left, dy, ty * (1 - tx), bytes);
        addWeighted(below + right, dy, ty * tx, bytes);
        dy += bytes;
      }
    }
  }
}

/** The gradient of each window goes to the first input that equals its maximum y; dx is overwritten. */
export function maxPoolGradient(
  x: usize, y: usize, dy: usize, dx: usize, n: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, size: i32, stride: i32, padding: i32,
): void {
  memory.fill(dx, 0, (<usize>(n * h * w * c)) << 2);
  for (let image = 0; image < n; image++) {
    for (let oy = 0; oy < oh; oy++) {
      const top = max(0, oy * stride - padding);
      const bottom = min(h, oy * stride - padding + size);
      for (let ox = 0; ox < ow; ox++) {
        const left = max(0, ox * stride - padding);
        const right = min(w, ox * stride - padding + size);
        for (let k = 0; k < c; k++) {
          giveToFirst(x, y, dy, dx, (image * h * w * c + k), top, bottom, left, right, w * c, c);
          y += 4;
          dy += 4;
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function giveToFirst(
  x: usize, y: usize, dy: usize, dx: usize, base: i32, top: i32, bottom: i32, left: i32, right: i32, row: i32, step: i32,
): void {
  const best = f32.load(y);
  for (let iy = top; iy < bottom; iy++) {
    for (let ix = left; ix < right; ix++) {
      const at = (<usize>(base + iy * row + ix * step)) << 2;
      if (f32.load(x + at) == best) {
        f32.store(dx + at, f32.load(dx + at) + f32.load(dy));
        return;
      }
    }
  }
}
