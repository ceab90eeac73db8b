// Forward convolution and its gradient with respect to the input, for any stride, dilation and padding, without padded
// copies: every tap of the filter adds (pixels x from) * (from x to) over the rectangle where it overlaps the image. Forward,
// pixels of x contribute to y; backward, pixels of dy contribute to dx through the transposed filter. Tiles of 2 pixels x 16
// channels stay in registers, or of 4 x 8 if fewer than 16 channels are left.

import { endInside, firstInside } from "./inside";
import { multiplyAdd } from "./multiply-add";

/** Maximum bytes of input and output in one group of rows, so that they stay in the cache for all taps. */
const GROUP_BYTES: i32 = 96 * 1024;

/** y = x * filter; filter is [kh][kw][ci][co], y is overwritten. */
export function convolve(
  x: usize, filter: usize, y: usize, n: i32, h: i32, w: i32, ci: i32, oh: i32, ow: i32, co: i32,
  kh: i32, kw: i32, stride: i32, dilation: i32, padding: i32,
): void {
  memory.fill(y, 0, (<usize>(n * oh * ow * co)) << 2);
  walk(x, filter, y, n, h, w, ci, oh, ow, co, kh, kw, stride, dilation, padding, true);
}

/** Gradient with respect to x; the filter is [kh][kw][co][ci], with swapped channel axes; dx is overwritten. */
export function convolveBack(
  dy: usize, filter: usize, dx: usize, n: i32, h: i32, w: i32, ci: i32, oh: i32, ow: i32, co: i32,
  kh: i32, kw: i32, stride: i32, dilation: i32, padding: i32,
): void {
  memory.fill(dx, 0, (<usize>(n * h * w * ci)) << 2);
  walk(dx, filter, dy, n, h, w, ci, oh, ow, co, kh, kw, stride, dilation, padding, false);
}

/** `image` is x or dx; `output` is y or dy. */
function walk(
  image: usize, filter: usize, output: usize, n: i32, h: i32, w: i32, ci: i32, oh: i32, ow: i32, co: i32,
  kh: i32, kw: i32, stride: i32, dilation: i32, padding: i32, forward: bool,
): void {
  const group = max(1, GROUP_BYTES / ((w * ci * stride + ow * co) << 2));
  for (let i = 0; i < n; i++) {
    const imageAt = image + ((<usize>(i * h * w * ci)) << 2);
    const outputAt = output + ((<usize>(i * oh * ow * co)) << 2);
    for (let top = 0; top < oh; top += group) {
      const bottom = min(top + group, oh);
      for (let ky = 0; ky < kh; ky++) {
        const yShift = ky * dilation - padding;
        const y0 = max(top, firstInside(yShift, stride));
        const y1 = min(bottom, endInside(yShift, stride, h, oh));
        if (y0 >= y1) continue;
        for (let kx = 0; kx < kw; kx++) {
          const xShift = kx * dilation - padding;
          const x0 = firstInside(xShift, stride);
          const x1 = endInside(xShift, stride, w, ow);
          if (x0 >= x1) continue;
          const a = imageAt + ((<usize>(((y0 * stride + yShift) * w + x0 * stride + xShift) * ci)) << 2);
          const b = outputAt + ((<usize>((y0 * ow + x0) * co)) << 2);
          const m = filter + ((<usize>((ky * kw + kx) * ci * co)) << 2);
          if (forward) tap(a, m, b, y1 - y0, x1 - x0, ci, co, stride * w * ci, stride * ci, ow * co, co);
          else tap(b, m, a, y1 - y0, x1 - x0, co, ci, ow * co, co, stride * w * ci, stride * ci);
        }
      }
    }
  }
}

/** out += source * matrix over rows x columns pixels; steps are in floats, the matrix is [from][to]. */
function tap(
  source: usize, matrix: usize, out: usize, rows: i32, columns: i32, from: i32, to: i32,
  sourceRow: i32, sourceStep: i32, outRow: i32, outStep: i32,
): void {
  const ss = (<usize>sourceStep) << 2;
  const os = (<usize>outStep) << 2;
  let k = 0;
  for (; k + 16 <= to; k += 16) {
    const m = matrix + ((<usize>k) << 2);
    for (let r = 0; r < rows; r++) {
      let s = source + ((<usize>(r * sourceRow)) << 2);
      let o = out + ((<usize>(r * outRow + k)) << 2);
      let c = 0;
      for (; c + 2 <= columns; c += 2, s += ss << 1, o += os << 1) tile2x16(s, m, o, from, ss, os, to);
      if (c < columns) {
        tile1x8(s, m, o, from, to);
        tile1x8(s, m + 32, o + 32, from, to);
      }
    }
  }
  for (; k + 4 <= to; k += 4) {
    const wide = k + 8 <= to;
    const m = matrix + ((<usize>k) << 2);
    for (let r = 0; r < rows; r++) {
      let s = source + ((<usize>(r * sourceRow)) << 2);
      let o = out + ((<usize>(r * outRow + k)) << 2);
      let c = 0;
      if (wide) {
        for (; c + 4 <= columns; c += 4, s += ss << 2, o += os << 2) tile4x8(s, m, o, from, ss, os, to);
        for (; c < columns; c++, s += ss, o += os) tile1x8(s, m, o, from, to);
      } else {
        for (; c < columns; c++, s += ss, o += os) tile1x4(s, m, o, from, to);
      }
    }
    if (wide) k += 4;
  }
  for (; k < to; k++) {
    for (let r = 0; r < rows; r++) {
      let s = source + ((<usize>(r * sourceRow)) << 2);
      let o = out + ((<usize>(r * outRow + k)) << 2);
      for (let c = 0; c < columns; c++, s += ss, o += os) tile1x1(s, matrix + ((<usize>k) << 2), o, from, to);
    }
  }
}

function tile4x8(s: usize, m: usize, o: usize, from: i32, ss: usize, os: usize, to: i32): void {
  const step = (<usize>to) << 2;
  const s1 = s + ss, s2 = s1 + ss, s3 = s2 + ss;
  const o1 = o + os, o2 = o1 + os, o3 = o2 + os;
  let a0 = v128.load(o), a1 = v128.load(o, 16);
  let b0 = v128.load(o1), b1 = v128.load(o1, 16);
  let c0 = v128.load(o2), c1 = v128.load(o2, 16);
  let d0 = v128.load(o3), d1 = v128.load(o3, 16);
  const end = (<usize>from) << 2;
  for (let i: usize = 0; i < end; i += 4) {
    const m0 = v128.load(m), m1 = v128.load(m, 16);
    let v = v128.load32_splat(s + i);
    a0 = multiplyAdd(a0, v, m0);
    a1 = multiplyAdd(a1, v, m1);
    v = v128.load32_splat(s1 + i);
    b0 = multiplyAdd(b0, v, m0);
    b1 = multiplyAdd(b1, v, m1);
    v = v128.load32_splat(s2 + i);
    c0 = multiplyAdd(c0, v, m0);
    c1 = multiplyAdd(c1, v, m1);
    v = v128.load32_splat(s3 + i);
    d0 = multiplyAdd(d0, v, m0);
    d1 = multiplyAdd(d1, v, m1);
    m += step;
  }
  v128.store(o, a0); v128.store(o, a1, 16);
  v128.store(o1, b0); v128.store(o1, b1, 16);
  v128.store(o2, c0); v128.store(o2, c1, 16);
  v128.store(o3, d0); v128.store(o3, d1, 16);
}

function tile2x16(s: usize, m: usize, o: usize, from: i32, ss: usize, os: usize, to: i32): void {
  const step = (<usize>to) << 2;
  const o1 = o + os;
  let a0 = v128.load(o), a1 = v128.load(o, 16), a2 = v128.load(o, 32), a3 = v128.load(o, 48);
  let b0 = v128.load(o1), b1 = v128.load(o1, 16), b2 = v128.load(o1, 32), b3 = v128.load(o1, 48);
  let s1 = s + ss;
  for (let i = 0; i < from; i++, s += 4, s1 += 4, m += step) {
    const v = v128.load32_splat(s), u = v128.load32_splat(s1);
    let w = v128.load(m);
    a0 = multiplyAdd(a0, v, w);
    b0 = multiplyAdd(b0, u, w);
    w = v128.load(m, 16);
    a1 = multiplyAdd(a1, v, w);
    b1 = multiplyAdd(b1, u, w);
    w = v128.load(m, 32);
    a2 = multiplyAdd(a2, v, w);
    b2 = multiplyAdd(b2, u, w);
    w = v128.load(m, 48);
    a3 = multiplyAdd(a3, v, w);
    b3 = multiplyAdd(b3, u, w);
  }
  v128.store(o, a0); v128.store(o, a1, 16); v128.store(o, a2, 32); v128.store(o, a3, 48);
  v128.store(o1, b0); v128.store(o1, b1, 16); v128.store(o1, b2, 32); v128.store(o1, b3, 48);
}

function tile1x8(s: usize, m: usize, o: usize, from: i32, to: i32): void {
  const step = (<usize>to) << 2;
  let a0 = v128.load(o), a1 = v128.load(o, 16);
  for (let i = 0; i < from; i++, s += 4, m += step) {
    const v = v128.load32_splat(s);
    a0 = multiplyAdd(a0, v, v128.load(m));
    a1 = multiplyAdd(a1, v, v128.load(m, 16));
  }
  v128.store(o, a0); v128.store(o, a1, 16);
}

function tile1x4(s: usize, m: usize, o: usize, from: i32, to: i32): void {
  const step = (<usize>to) << 2;
  let a = v128.load(o);
  for (let i = 0; i < from; i++, s += 4, m += step) a = multiplyAdd(a, v128.load32_splat(s), v128.load(m));
  v128.store(o, a);
}

function tile1x1(s: usize, m: usize, o: usize, from: i32, to: i32): void {
  const step = (<usize>to) << 2;
  let a = f32.load(o);
  for (let i = 0; i < from; i++, s += 4, m += step) a += f32.load(s) * f32.load(m);
  f32.store(o, a);
}
