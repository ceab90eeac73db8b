import type { DecodedLabel } from './decoded-label.js';

/** Offsets and sizes in bytes: a file header, and then a BITMAPINFOHEADER or a longer one that begins like it. */
const FILE_HEADER = 14;
const INFO_HEADER = 40;
const MASKS_AT = FILE_HEADER + INFO_HEADER;

const UNCOMPRESSED = 0;
const BIT_FIELDS = [3, 6];

/** More pixels than any photograph. A damaged header must not make us allocate gigabytes. */
const MOST_PIXELS = 2 ** 28;

export const isBmp = (bytes: Uint8Array): boolean => bytes[0] === 0x42 && bytes[1] === 0x4d;

/**
 * Decodes an uncompressed BMP file with 1, 4, 8, 24 or 32 bits per pixel: its colours, or its values and their palette.
 * libvips cannot. The packages that read BMP lose the values of a palette, or read some files wrongly
 * (docs/decisions/0027-label-pngs.md). Transparency is dropped.
 *
 * @throws Error when the file is damaged or of another kind
 */
export function decodeBmp(bytes: Uint8Array): DecodedLabel {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < MASKS_AT) throw new Error('the file is damaged or cut off; copy it again from where it came');
  const headerBytes = file.readUInt32LE(14);
  const [width, signedHeight] = [file.readInt32LE(18), file.readInt32LE(22)];
  const [bits, compression] = [file.readUInt16LE(28), file.readUInt32LE(30)];
  const isField = BIT_FIELDS.includes(compression) && bits === 32;
  if (headerBytes < INFO_HEADER || ![1, 4, 8, 24, 32].includes(bits) || (compression !== UNCOMPRESSED && !isField)) {
    throw new Error(
      `this kind of BMP file is not read (${bits} bits per pixel, compression ${compression}); save it as PNG`,
    );
  }
  const height = Math.abs(signedHeight);
  if (width < 1 || height < 1 || width * height > MOST_PIXELS)
    throw new Error(`invalid size ${width}x${height}; expected 1 to ${MOST_PIXELS} pixels`);
  const stride = Math.ceil((width * bits) / 32) * 4;
  const start = file.readUInt32LE(10);
  if (start + stride * height > file.length)
    throw new Error('the file is damaged or cut off; copy it again from where it came');
  // Rows go from bottom to top, unless the height is negative.
  const rowOf = (y: number) => file.subarray(start + stride * (signedHeight < 0 ? y : height - 1 - y));
  if (bits > 8) {
    const places = isField ? placesOf(file) : { red: 2, green: 1, blue: 0 };
    return { kind: 'colours', width, height, rgb: readColours(rowOf, width, height, bits / 8, places) };
  }
  const used = file.readUInt32LE(46) || 1 << bits;
  const entries = file.subarray(FILE_HEADER + headerBytes, FILE_HEADER + headerBytes + used * 4);
  const palette = new Uint8Array((entries.length / 4) * 3);
  for (let value = 0; value * 4 < entries.length; value++)
    for (let c = 0; c < 3; c++) palette[value * 3 + c] = entries[value * 4 + 2 - c]!;
  return { kind: 'values', width, height, labels: readValues(rowOf, width, height, bits), palette };
}

interface Places {
  red: number;
  green: number;
  blue: number;
}

/** Whether the fourth bytes of the pixels, which hold transparency, differ. False for files with other pixels. */
export function isTransparentInPart(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.readUInt16LE(28) !== 32) return false;
  const start = file.readUInt32LE(10);
  const isField = BIT_FIELDS.includes(file.readUInt32LE(30));
  const { red, green, blue } = isField ? placesOf(file) : { red: 2, green: 1, blue: 0 };
  const fourth = 6 - red - green - blue;
  const end = start + 4 * file.readInt32LE(18) * Math.abs(file.readInt32LE(22));
  for (let at = start + fourth; at < end; at += 4) if (file[at] !== file[start + fourth]) return true;
  return false;
}

/** The byte of each colour in a pixel, from its mask. */
function placesOf(file: Buffer): Places {
  const [red, green, blue] = [0, 4, 8].map((at) => {
    const mask = file.readUInt32LE(MASKS_AT + at);
    const place = [0, 1, 2, 3].find((byte) => mask === 0xff * 2 ** (8 * byte));
    if (place === undefined)
      throw new Error('this kind of BMP file is not read (unusual colour masks); save it as PNG');
    return place;
  });
  return { red: red!, green: green!, blue: blue! };
}

function readColours(
  rowOf: (y: number) => Buffer,
  width: number,
  height: number,
  step: number,
  { red, green, blue }: Places,
): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  let to = 0;
  for (let y = 0; y < height; y++) {
    const row = rowOf(y);
    for (let x = 0; x < width; x++) {
      rgb[to++] = row[x * step + red]!;
      rgb[to++] = row[x * step + green]!;
      rgb[to++] = row[x * step + blue]!;
    }
  }
  return rgb;
}

function readValues(rowOf: (y: number) => Buffer, width: number, height: number, bits: number): Uint8Array {
  const values = new Uint8Array(width * height);
  const mask = (1 << bits) - 1;
  for (let y = 0; y < height; y++) {
    const row = rowOf(y);
    for (let x = 0; x < width; x++) {
      const bit = x * bits;
      values[y * width + x] = (row[bit >> 3]! >> (8 - bits - (bit & 7))) & mask;
    }
  }
  return values;
}
