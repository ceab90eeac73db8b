// Gradient of a convolution with respect to its filter, directly from NHWC: dw[ky][kx][ci][co] = sum of x * dy over the pixels
// where tap (ky, kx) overlaps the image. Tiles of 4 input x 8 output channels stay in registers. Rows are processed in groups
// that fit into the cache, so that x and dy stay there for every tile of every tap.

import { endInside, firstInside } from "./inside";
import { multiplyAdd } from "./multiply-add";

/** Maximum bytes of x and dy in one group of rows. */
const GROUP_BYTES: i32 = 28 * 1024;

/** dw must have room for kh * kw * ci * co values, which are overwritten. */
export function filterGradient(
  x: usize, dy: usize, dw: usize, n: i32, h: i32, w: i32, ci: i32, oh: i32, ow: i32, co: i32,
  kh: i32, kw: i32, stride: i32, dilation: i32, padding: i32,
): void {
  memory.fill(dw, 0, (<usize>(kh * kw * ci * co)) << 2);
  const rowBytes = (w * ci * stride + ow * co) << 2;
  const group = max(1, GROUP_BYTES / rowBytes);
  for (let image = 0; image < n; image++) {
    const xImage = x + ((<usize>(image * h * w * ci)) << 2);
    const dyImage = dy + ((<usize>(image * oh * ow * co)) << 2);
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
          const xAt = xImage + ((<usize>(((y0 * stride + yShift) * w + x0 * stride + xShift) * ci)) << 2);
          const dyAt = dyImage + ((<usize>((y0 * ow + x0) * co)) << 2);
          const dwAt = dw + ((<usize>((ky * kw + kx) * ci * co)) << 2);
          tap(xAt, dyAt, dwAt, y1 - y0, x1 - x0, ci, co, stride * w * ci, stride * ci, ow * co);
        }
      }
    }
  }
}

/** One tap over a rectangle of rows x columns outputs; steps are in floats. */
function tap(
  x: usize, dy: usize, dw: usize, rows: i32, columns: i32, ci: i32, co: i32, xRow: i32, xStep: i32, dyRow: i32,
): void {
  const xr = (<usize>xRow) << 2;
  const xs = (<usize>xStep) << 2;
  const dr = (<usize>dyRow) << 2;
  const ds = (<usize>co) << 2;
  let i = 0;
  for (; i + 4 <= ci; i += 4) {
    let o = 0;
    const at = x + ((<usize>i) << 2);
    const row = dw + ((<usize>(i * co)) << 2);
    for (; o + 8 <= co; o += 8) tile4x8(at, dy + ((<usize>o) << 2), row + ((<usize>o) << 2), rows, columns, xr, xs, dr, ds);
    for (; o + 4 <= co; o += 4) tile4x4(at, dy + ((<usize>o) << 2), row + ((<usize>o) << 2), rows, columns, xr, xs, dr, ds);
    for (; o < co; o++) tile4x1(at, dy + ((<usize>o) << 2), row + ((<usize>o) << 2), rows, columns, xr, xs, dr, ds);
  }
  for (; i < ci; i++) {
    let o = 0;
    const at = x + ((<usize>i) << 2);
    const row = dw + ((<usize>(i * co)) << 2);
    for (; o + 4 <= co; o += 4) tile1x4(at, dy + ((<usize>o) << 2), row + ((<usize>o) << 2), rows, columns, xr, xs, dr, ds);
    for (; o < co; o++) tile1x1(at, dy + ((<usize>o) << 2), row + ((<usize>o) << 2), rows, columns, xr, xs, dr, ds);
  }
}

function tile4x8(x: usize, dy: usize, dw: usize, rows: i32, columns: i32, xr: usize, xs: usize, dr: usize, ds: usize): void {
  const r1 = dw + ds, r2 = r1 + ds, r3 = r2 + ds;
  let a0 = v128.load(dw), a1 = v128.load(dw, 16);
  let b0 = v128.load(r1), b1 = v128.load(r1, 16);
  let c0 = v128.load(r2), c1 = v128.load(r2, 16);
  let d0 = v128.load(r3), d1 = v128.load(r3, 16);
  for (let r = 0; r < rows; r++) {
    let p = x + <usize>r * xr;
    let q = dy + <usize>r * dr;
    for (let c = 0; c < columns; c++) {
      const g0 = v128.load(q), g1 = v128.load(q, 16);
      let v = v128.load32_splat(p);
      a0 = multiplyAdd(a0, v, g0);
      a1 = multiplyAdd(a1, v, g1);
      v = v128.load32_splat(p, 4);
      b0 = multiplyAdd(b0, v, g0);
      b1 = multiplyAdd(b1, v, g1);
      v = v128.load32_splat(p, 8);
      c0 = multiplyAdd(c0, v, g0);
      c1 = multiplyAdd(c1, v, g1);
      v = v128.load32_splat(p, 12);
      d0 = multiplyAdd(d0, v, g0);
      d1 = multiplyAdd(d1, v, g1);
      p += xs;
      q += ds;
    }
  }
  v128.store(dw, a0); v128.store(dw, a1, 16);
  v128.store(r1, b0); v128.store(r1, b1, 16);
  v128.store(r2, c0); v128.store(r2, c1, 16);
  v128.store(r3, d0); v128.store(r3, d1, 16);
}

function tile4x4(x: usize, dy: usize, dw: usize, rows: i32, columns: i32, xr: usize, xs: usize, dr: usize, ds: usize): void {
  const r1 = dw + ds, r2 = r1 + ds, r3 = r2 + ds;
  let a = v128.load(dw), b = v128.load(r1), c = v128.load(r2), d = v128.load(r3);
  for (let r = 0; r < rows; r++) {
    let p = x + <usize>r * xr;
    let q = dy + <usize>r * dr;
    for (let i = 0; i < columns; i++) {
      const g = v128.load(q);
      a = multiplyAdd(a, v128.load32_splat(p), g);
      b = multiplyAdd(b, v128.load32_splat(p, 4), g);
      c = multiplyAdd(c, v128.load32_splat(p, 8), g);
      d = multiplyAdd(d, v128.load32_splat(p, 12), g);
      p += xs;
      q += ds;
    }
  }
  v128.store(dw, a); v128.store(r1, b); v128.store(r2, c); v128.store(r3, d);
}

/** Four input channels as one vector against a single output channel. */
function tile4x1(x: usize, dy: usize, dw: usize, rows: i32, columns: i32, xr: usize, xs: usize, dr: usize, ds: usize): void {
  let a = f32x4.splat(0);
  for (let r = 0; r < rows; r++) {
    let p = x + <usize>r * xr;
    let q = dy + <usize>r * dr;
    for (let i = 0; i < columns; i++) {
      a = multiplyAdd(a, v128.load(p), v128.load32_splat(q));
      p += xs;
      q += ds;
    }
  }
  f32.store(dw, f32.load(dw) + f32x4.extract_lane(a, 0));
  f32.store(dw + ds, f32.load(dw + ds) + f32x4.extract_lane(a, 1));
  f32.store(dw + 2 * ds, f32.load(dw + 2 * ds) + f32x4.extract_lane(a, 2));
  f32.store(dw + 3 * ds, f32.load(dw + 3 * ds) + f32x4.extract_lane(a, 3));
}

function tile1x4(x: usize, dy: usize, dw: usize, rows: i32, columns: i32, xr: usize, xs: usize, dr: usize, ds: usize): void {
  let a = v128.load(dw);
  for (let r = 0; r < rows; r++) {
    let p = x + <usize>r * xr;
    let q = dy + <usize>r * dr;
    for (let i = 0; i < columns; i++) {
      a = multiplyAdd(a, v128.load32_splat(p), v128.load(q));
      p += xs;
      q += ds;
    }
  }
  v128.store(dw, a);
}

function tile1x1(x: usize, dy: usize, dw: usize, rows: i32, columns: i32, xr: usize, xs: usize, dr: usize, ds: usize): void {
  let a = f32.load(dw);
  for (let r = 0; r < rows; r++) {
    let p = x + <usize>r * xr;
    let q = dy + <usize>r * dr;
    for (let i = 0; i < columns; i++) {
      a += f32.load(p) * f32.load(q);
      p += xs;
      q += ds;
    }
  }
  f32.store(dw, a);
}
