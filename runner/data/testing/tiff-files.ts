const TAGS = {
  ...{ width: 256, height: 257, bitsPerSample: 258, compression: 259, photometric: 262, stripOffset: 273 },
  ...{ samplesPerPixel: 277, rowsPerStrip: 278, stripBytes: 279, colourMap: 320, sampleFormat: 339 },
};
/** After the header and eleven entries. */
const COLOURS_AT = 8 + 2 + 11 * 12 + 4;
const COLOUR_BYTES = 3 * 256 * 2;
const PIXELS_AT = COLOURS_AT + COLOUR_BYTES;

const UNSIGNED = 1;
const FLOAT = 3;

/** A gray TIFF file of 32-bit floating point numbers, as thermal cameras export temperatures. */
export function floatTiff(width: number, height: number): Buffer {
  const pixels = Buffer.alloc(width * height * 4);
  for (let at = 0; at < width * height; at++) pixels.writeFloatLE(20 + at / 7, at * 4);
  return tiff({ width, height, bits: 32, photometric: 1, sampleFormat: FLOAT }, pixels);
}

/** An uncompressed TIFF file of one channel. Its palette, if it has one, is black. */
export function grayTiff(form: { bits: number; photometric: number }, width: number, height: number): Buffer {
  return tiff(
    { width, height, sampleFormat: UNSIGNED, ...form },
    Buffer.alloc(Math.ceil((width * form.bits) / 8) * height),
  );
}

interface Form {
  width: number;
  height: number;
  bits: number;
  photometric: number;
  sampleFormat: number;
}

function tiff({ width, height, bits, photometric, sampleFormat }: Form, pixels: Buffer): Buffer {
  const tags = [
    [TAGS.width, width],
    [TAGS.height, height],
    [TAGS.bitsPerSample, bits],
    [TAGS.compression, 1],
    [TAGS.photometric, photometric],
    [TAGS.stripOffset, PIXELS_AT],
    [TAGS.samplesPerPixel, 1],
    [TAGS.rowsPerStrip, height],
    [TAGS.stripBytes, pixels.length],
    [TAGS.colourMap, COLOURS_AT],
    [TAGS.sampleFormat, sampleFormat],
  ] as const;
  const file = Buffer.alloc(PIXELS_AT + pixels.length);
  file.write('II*\0\b\0\0\0', 'latin1');
  file.writeUInt16LE(tags.length, 8);
  for (const [index, [tag, value]] of tags.entries()) {
    const at = 10 + index * 12;
    file.writeUInt16LE(tag, at);
    // One LONG or, in the palette, many SHORTs.
    const isMap = tag === TAGS.colourMap;
    file.writeUInt16LE(isMap ? 3 : 4, at + 2);
    file.writeUInt32LE(isMap ? COLOUR_BYTES / 2 : 1, at + 4);
    file.writeUInt32LE(value, at + 8);
  }
  pixels.copy(file, PIXELS_AT);
  return file;
}
