// Max pooling and its gradient.

/** The maximum of each window, or NaN if the window contains one. Windows are clipped at the borders of the image. */
export function maxPool(
  x: usize, y: usize, n: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, size: i32, stride: i32, padding: i32,
): void {
  const bytes = (<usize>c) << 2;
  for (let image = 0; image < n; image++) {
    for (let oy = 0; oy < oh; oy++) {
      const top = max(0, oy * stride - padding);
      const bottom = min(h, oy * stride - padding + size);
      for (let ox = 0; ox < ow; ox++) {
        const left = max(0, ox * stride - padding);
        const right = min(w, ox * stride - padding + size);
        const first = x + <usize>((image * h + top) * w + left) * bytes;
        const row = <usize>w * bytes;
        let k: usize = 0;
        for (; k + 16 <= bytes; k += 16) {
          let best = v128.load(first + k);
          for (let iy = top, line = first + k; iy < bottom; iy++, line += row) {
            for (let ix = left, at = line; ix < right; ix++, at += bytes) best = f32x4.max(best, v128.load(at));
          }
          v128.store(y + k, best);
        }
        for (; k < bytes; k += 4) {
          let best = f32.load(first + k);
          for (let iy = top, line = first + k; iy < bottom; iy++, line += row) {
            for (let ix = left, at = line; ix < right; ix++, at += bytes) best = max(best, f32.load(at));
          }
          f32.store(y + k, best);
        }
        y += bytes;
      }
    }
  }
}

/** The gradient of each window goes to the first input that equals its maximum y; dx is overwritten. */
export function maxPoolGradient(
  x: usize, y: usize, dy: usize, dx: usize, n: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, size: i32, stride: i32, padding: i32,
): void {
  const bytes = (<usize>c) << 2;
  memory.fill(dx, 0, <usize>(n * h * w) * bytes);
  for (let image = 0; image < n; image++) {
    for (let oy = 0; oy < oh; oy++) {
      const top = max(0, oy * stride - padding);
      const bottom = min(h, oy * stride - padding + size);
      for (let ox = 0; ox < ow; ox++) {
        const left = max(0, ox * stride - padding);
        const right = min(w, ox * stride - padding + size);
        const first = <usize>((image * h + top) * w + left) * bytes;
        const row = <usize>w * bytes;
        let k: usize = 0;
        for (; k + 16 <= bytes; k += 16) {
          const best = v128.load(y + k), slope = v128.load(dy + k);
          let open = i32x4.splat(-1);
          for (let iy = top, line = first + k; iy < bottom; iy++, line += row) {
            for (let ix = left, at = line; ix < right; ix++, at += bytes) {
              const wins = v128.and(open, f32x4.eq(v128.load(x + at), best));
              v128.store(dx + at, f32x4.add(v128.load(dx + at), v128.and(wins, slope)));
              open = v128.andnot(open, wins);
            }
          }
        }
        for (; k < bytes; k += 4) giveToFirst(x + first + k, y + k, dy + k, dx + first + k, bottom - top, right - left, row, bytes);
        y += bytes;
        dy += bytes;
      }
    }
  }
}

/** One channel of one window. */
function giveToFirst(
  x: usize, y: usize, dy: usize, dx: usize, rows: i32, columns: i32, row: usize, step: usize,
): void {
  const best = f32.load(y);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const at = <usize>r * row + <usize>c * step;
      if (f32.load(x + at) != best) continue;
      f32.store(dx + at, f32.load(dx + at) + f32.load(dy));
      return;
    }
  }
}
