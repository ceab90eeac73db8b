// Moving values about, without arithmetic.

/** [taps][ci][co] → [taps][co][ci] with the taps in reverse order: the filter turned by 180 degrees. */
export function flipFilter(filter: usize, out: usize, taps: i32, ci: i32, co: i32): void {
  const size = ci * co;
  for (let tap = 0; tap < taps; tap++) {
    const from = filter + ((<usize>(tap * size)) << 2);
    const to = out + ((<usize>((taps - 1 - tap) * size)) << 2);
    for (let i = 0; i < ci; i++) {
      for (let o = 0; o < co; o++) {
        f32.store(to + ((<usize>(o * ci + i)) << 2), f32.load(from + ((<usize>(i * co + o)) << 2)));
      }
    }
  }
}

/** Pixel (y, x) of an n x h x w image of c channels goes to (y stride, x stride) of an oh x ow image of zeros. */
export function insertZeros(x: usize, out: usize, n: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32, stride: i32): void {
  const bytes = (<usize>c) << 2;
  memory.fill(out, 0, <usize>(n * oh * ow) * bytes);
  const rows = min(h, (oh - 1) / stride + 1);
  const columns = min(w, (ow - 1) / stride + 1);
  for (let image = 0; image < n; image++) {
    for (let row = 0; row < rows; row++) {
      let from = x + <usize>((image * h + row) * w) * bytes;
      let to = out + <usize>((image * oh + row * stride) * ow) * bytes;
      for (let column = 0; column < columns; column++) {
        memory.copy(to, from, bytes);
        from += bytes;
        to += bytes * <usize>stride;
      }
    }
  }
}
