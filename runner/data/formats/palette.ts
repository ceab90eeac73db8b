/**
 * The colour of a class in PASCAL VOC's colour map (the devkit's VOClabelcolormap.m), which most tools use: each group of three
 * bits of the index gives one bit of red, green and blue, starting with the highest.
 */
export function paletteColour(index: number): [red: number, green: number, blue: number] {
  const color: [number, number, number] = [0, 0, 0];
  for (let place = 7, bits = index; bits > 0; place--, bits >>= 3) {
    for (const c of [0, 1, 2] as const) color[c] |= ((bits >> c) & 1) << place;
  }
  return color;
}
