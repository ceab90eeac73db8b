const TAGS = {
  ...{ width: 256, height: 257, bitsPerSample: 258, compression: 259, photometric: 262, stripOffset: 273 },
  ...{ samplesPerPixel: 277, rowsPerStrip: 278, stripBytes: 279, sampleFormat: 339 },
};
/** After the header and ten entries. */
const PIXELS_AT = 8 + 2 + 10 * 12 + 4;

/** A gray TIFF file of 32-bit floating point numbers, as thermal cameras export temperatures. */
export function floatTiff(width: number, height: number): Buffer {
  const tags = [
    [TAGS.width, width],
    [TAGS.height, height],
    [TAGS.bitsPerSample, 32],
    [TAGS.compression, 1],
    [TAGS.photometric, 1],
    [TAGS.stripOffset, PIXELS_AT],
    [TAGS.samplesPerPixel, 1],
    [TAGS.rowsPerStrip, height],
    [TAGS.stripBytes, width * height * 4],
    [TAGS.sampleFormat, 3],
  ] as const;
  const file = Buffer.alloc(PIXELS_AT + width * height * 4);
  file.write('II*\0\b\0\0\0', 'latin1');
  file.writeUInt16LE(tags.length, 8);
  for (const [index, [tag, value]] of tags.entries()) {
    const at = 10 + index * 12;
    file.writeUInt16LE(tag, at);
    // LONG, and one value.
    file.writeUInt16LE(4, at + 2);
    file.writeUInt32LE(1, at + 4);
    file.writeUInt32LE(value, at + 8);
  }
  for (let at = 0; at < width * height; at++) file.writeFloatLE(20 + at / 7, PIXELS_AT + at * 4);
  return file;
}
