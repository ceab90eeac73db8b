/** [taps][ci][co] → [taps][co][ci]. */
export function transposeTaps(filter: usize, out: usize, taps: i32, ci: i32, co: i32): void {
  for (let tap = 0; tap < taps; tap++) {
    for (let i = 0; i < ci; i++) {
      for (let o = 0; o < co; o++) {
        f32.store(out + ((<usize>(o * ci + i)) << 2), f32.load(filter + ((<usize>(i * co + o)) << 2)));
      }
    }
    filter += (<usize>(ci * co)) << 2;
    out += (<usize>(ci * co)) << 2;
  }
}
