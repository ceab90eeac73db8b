/** 1: gray or thermal; 3: red, green, blue; 4: red, green, blue, thermal. */
export type Channels = 1 | 3 | 4;

/** Pixel values as stored in the file. Full scale is 255 in a Uint8Array and 65,535 in a Uint16Array. */
export type Pixels = Uint8Array | Uint16Array;

export function fullScale(pixels: Pixels): number {
  return pixels instanceof Uint16Array ? 65_535 : 255;
}

/** The same values at a full scale of 65,535. Exact, because 65,535 is 257 x 255. */
export function toSixteenBits(pixels: Pixels): Uint16Array {
  return pixels instanceof Uint16Array ? pixels : Uint16Array.from(pixels, (value) => value * 257);
}
