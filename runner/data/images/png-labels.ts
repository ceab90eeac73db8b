import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { readPng } from './png-chunks.js';

const inflateAsync = promisify(inflate);

const COLOR_TYPES: Record<number, string> = {
  0: 'grayscale',
  2: 'RGB',
  3: 'palette',
  4: 'grayscale + alpha',
  6: 'RGBA',
};
/** More pixels than any photograph. A damaged header must not make us allocate gigabytes. */
const MOST_PIXELS = 2 ** 28;
const MOST_CHUNK_BYTES = 2 ** 22;
/** zlib's own limit. */
const FEWEST_CHUNK_BYTES = 64;

export interface LabelMap {
  width: number;
  height: number;
  /** The raw pixel values, height x width. */
  labels: Uint8Array;
  /** Red, green and blue of each value; null if the file has no palette. */
  palette: Uint8Array | null;
}

const HEADER_BYTES = 13;
const HEADER_AT = 16;

/** What a PNG file says about its pixels; null if it is not a PNG file. */
export function pngKind(bytes: Uint8Array): { depth: number; isTrueColour: boolean } | null {
  const isPng =
    bytes.length >= HEADER_AT + HEADER_BYTES && Buffer.from(bytes.subarray(1, 4)).toString('latin1') === 'PNG';
  if (!isPng) return null;
  const colorType = bytes[HEADER_AT + 9]!;
  return { depth: bytes[HEADER_AT + 8]!, isTrueColour: colorType === 2 || colorType === 6 };
}

/**
 * Reads a label map: a grayscale or palette PNG with at most 8 bits per pixel, not interlaced. Returns the raw sample
 * values, and never looks up the colours of a palette. (libvips, and therefore sharp, always expands palettes to
 * colours.)
 *
 * @throws Error when the file is damaged or is another kind of image.
 */
export async function decodeLabelPng(bytes: Uint8Array): Promise<LabelMap> {
  const chunks = readPng(bytes);
  const header = chunks[0];
  if (header?.type !== 'IHDR' || header.data.length !== HEADER_BYTES) throw new Error('PNG file has no header');
  const width = header.data.readUInt32BE(0);
  const height = header.data.readUInt32BE(4);
  const depth = header.data[8]!;
  const colorType = header.data[9]!;
  if ((colorType !== 0 && colorType !== 3) || depth > 8) {
    const kind = COLOR_TYPES[colorType] ?? `unknown (${colorType})`;
    throw new Error(`the label PNG is ${depth}-bit ${kind}; save class indices as an 8-bit palette or grayscale PNG`);
  }
  if (header.data[12] !== 0) throw new Error('the label PNG is interlaced; save it without interlacing');
  if (width === 0 || height === 0 || width * height > MOST_PIXELS)
    throw new Error(`invalid label size ${width}x${height}; expected 1 to ${MOST_PIXELS} pixels`);

  const rowBytes = Math.ceil((width * depth) / 8);
  const expected = height * (rowBytes + 1);
  const packed = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
  const rows = await inflateAsync(packed.length === 1 ? packed[0]! : Buffer.concat(packed), {
    maxOutputLength: expected,
    // One piece, which need not be copied. The byte more shows that nothing follows.
    chunkSize: Math.max(FEWEST_CHUNK_BYTES, Math.min(expected + 1, MOST_CHUNK_BYTES)),
  });
  if (rows.length !== expected) throw new Error(`PNG file has ${rows.length} of ${expected} bytes of pixel data`);
  // A pixel has at most 8 bits, so the filters' "pixel to the left" is the byte to the left.
  unfilter(rows, rowBytes, height);
  const palette = chunks.find(({ type }) => type === 'PLTE');
  return {
    ...{ width, height, labels: unpack(rows, width, height, depth, rowBytes) },
    palette: palette ? new Uint8Array(palette.data) : null,
  };
}

/** Undoes the row filters in place (W3C PNG, section 9.2). One loop per filter, because label maps are large. */
function unfilter(rows: Buffer, rowBytes: number, height: number): void {
  const stride = rowBytes + 1;
  const firstRowAbove = Buffer.alloc(rowBytes);
  for (let y = 0; y < height; y++) {
    const start = y * stride + 1;
    if (rows[start - 1] === 0) continue;
    const row = rows.subarray(start, start + rowBytes);
    const above = y > 0 ? rows.subarray(start - stride, start - stride + rowBytes) : firstRowAbove;
    const filter = rows[start - 1]!;
    if (filter > 4) throw new Error(`PNG file is damaged: invalid row filter ${filter}`);
    if (filter === 1) for (let x = 1; x < rowBytes; x++) row[x]! += row[x - 1]!;
    if (filter === 2) for (let x = 0; x < rowBytes; x++) row[x]! += above[x]!;
    if (filter === 3) for (let x = 0; x < rowBytes; x++) row[x]! += ((x > 0 ? row[x - 1]! : 0) + above[x]!) >> 1;
    if (filter === 4) addPaeth(row, above);
  }
}

/** Adds to each byte its left, upper or upper-left neighbour, whichever is closest to left + upper - upper left. */
function addPaeth(row: Buffer, above: Buffer): void {
  let left = 0;
  let upLeft = 0;
  for (let x = 0; x < row.length; x++) {
    const up = above[x]!;
    const toLeft = Math.abs(up - upLeft);
    const toUp = Math.abs(left - upLeft);
    const toUpLeft = Math.abs(left + up - 2 * upLeft);
    const nearest = toLeft <= toUp && toLeft <= toUpLeft ? left : toUp <= toUpLeft ? up : upLeft;
    left = (row[x]! + nearest) & 255;
    row[x] = left;
    upLeft = up;
  }
}

function unpack(rows: Buffer, width: number, height: number, depth: number, rowBytes: number): Uint8Array {
  if (depth === 8) {
    // In place: each row only moves towards the front.
    for (let y = 0; y < height; y++) rows.copyWithin(y * width, y * (width + 1) + 1, (y + 1) * (width + 1));
    return new Uint8Array(rows.buffer, rows.byteOffset, width * height);
  }
  const labels = new Uint8Array(width * height);
  const mask = (1 << depth) - 1;
  for (let y = 0; y < height; y++) {
    const start = y * (rowBytes + 1) + 1;
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      labels[y * width + x] = (rows[start + (bit >> 3)]! >> (8 - depth - (bit & 7))) & mask;
    }
  }
  return labels;
}
