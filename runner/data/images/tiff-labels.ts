const TAG = { bitsPerSample: 258, compression: 259, photometric: 262 };

/** The types SHORT and LONG, and their sizes in bytes. */
const SIZES = new Map([
  [3, 2],
  [4, 4],
]);

/** None, LZW, two numbers of deflate, and PackBits. */
const LOSSLESS = [1, 5, 8, 32_946, 32_773];
/** More than any tag that is read here has. */
const MOST_VALUES = 16;

const MIN_IS_WHITE = 0;
const PALETTE = 3;
const READ_AS_STORED = [1, 2];

/**
 * Some TIFF files have other values after libvips has decoded them: it looks up palettes, and scales fewer than 8 bits.
 * @throws Error unless the values of a TIFF file are read as stored
 */
export function requireLabelTiff(bytes: Buffer): void {
  const tags = tagsOf(bytes);
  // The defaults of TIFF 6.0.
  const [compression = 1] = tags.get(TAG.compression) ?? [];
  const bits = tags.get(TAG.bitsPerSample) ?? [1];
  const photometric = tags.get(TAG.photometric)?.[0];
  if (!LOSSLESS.includes(compression)) {
    throw new Error(
      `the label TIFF has the compression ${compression}, not none, LZW, deflate or PackBits, which keep all values; save labels as PNG`,
    );
  }
  if (photometric === PALETTE)
    throw new Error('the label TIFF has a palette, and only its colours can be read, not its values; save it as PNG');
  if (photometric === MIN_IS_WHITE)
    throw new Error('in the label TIFF, 0 is white, so its values would be inverted; save it as PNG');
  if (bits.some((each) => each !== 8))
    throw new Error(`the label TIFF has ${bits[0]} bits per value; save it with 8 bits, or as PNG`);
  if (!READ_AS_STORED.includes(photometric!))
    throw new Error(`the label TIFF has the colour space ${photometric ?? 'unknown'}; save it as PNG`);
}

/** The version of BigTIFF. */
const BIG = 43;

/** The numbers in some tags of the first picture of a TIFF or BigTIFF file. Other types of values are skipped. */
function tagsOf(bytes: Buffer): Map<number, number[]> {
  const isLittle = bytes[0] === 0x49;
  const number = (at: number, size: number): number => {
    if (size === 8) return Number(isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
    return isLittle ? bytes.readUIntLE(at, size) : bytes.readUIntBE(at, size);
  };
  const isBig = number(2, 2) === BIG;
  /** Of an offset or a count, and of the count of tags. */
  const [wide, counter] = isBig ? [8, 8] : [4, 2];
  const start = number(isBig ? 8 : 4, wide);
  const tags = new Map<number, number[]>();
  for (let index = 0; index < number(start, counter); index++) {
    const at = start + counter + index * (4 + 2 * wide);
    if (!Object.values(TAG).includes(number(at, 2))) continue;
    const size = SIZES.get(number(at + 2, 2));
    const count = number(at + 4, wide);
    if (!size || count > MOST_VALUES) continue;
    const inPlace = at + 4 + wide;
    const first = size * count <= wide ? inPlace : number(inPlace, wide);
    tags.set(
      number(at, 2),
      Array.from({ length: count }, (_, value) => number(first + value * size, size)),
    );
  }
  return tags;
}
