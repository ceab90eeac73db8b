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
/** More than any photograph; a damaged header must not make us reserve gigabytes. */
const MOST_PIXELS = 2 ** 28;

export interface LabelMap {
  width: number;
  height: number;
  /** The pixels' raw values, height x width. */
  labels: Uint8Array;
}

/**
 * Reads a label map: a PNG, grayscale or palette, at most 8 bits deep, not interlaced. The raw sample values are
 * returned: a palette's colours are never looked up. (libvips, hence sharp, always expands palettes to colours.)
 *
 * @throws Error when the file is damaged or of another kind.
 */
export async function decodeLabelPng(bytes: Uint8Array): Promise<LabelMap> {
  const chunks = readPng(bytes);
  const header = chunks[0];
  if (header?.type !== 'IHDR' || header.data.length !== 13) throw new Error('PNG file has no header');
  const width = header.data.readUInt32BE(0);
  const height = header.data.readUInt32BE(4);
  const depth = header.data[8]!;
  const colorType = header.data[9]!;
  if ((colorType !== 0 && colorType !== 3) || depth > 8) {
    const kind = COLOR_TYPES[colorType] ?? `unknown (${colorType})`;
    throw new Error(`label is a ${depth}-bit ${kind} PNG; save class indices as an 8-bit palette or grayscale PNG`);
  }
  if (header.data[12] !== 0) throw new Error('label is an interlaced PNG; save it without interlacing');
  if (width === 0 || height === 0 || width * height > MOST_PIXELS) throw new Error(`label size ${width}x${height}`);

  const rowBytes = Math.ceil((width * depth) / 8);
  const expected = height * (rowBytes + 1);
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  const rows = await inflateAsync(packed, { maxOutputLength: expected });
  if (rows.length !== expected) throw new Error(`PNG file holds ${rows.length} of ${expected} bytes`);
  // At most 8 bits a pixel, so the filters' "pixel to the left" is the byte to the left.
  unfilter(rows, rowBytes, height);
  return { width, height, labels: unpack(rows, width, height, depth, rowBytes) };
}

/** Undoes the row filters in place (W3C PNG, section 9.2). */
function unfilter(rows: Buffer, rowBytes: number, height: number): void {
  const stride = rowBytes + 1;
  for (let y = 0; y < height; y++) {
    const start = y * stride + 1;
    const filter = rows[start - 1]!;
    if (filter > 4) throw new Error(`PNG file is damaged: row filter ${filter}`);
    if (filter === 0) continue;
    for (let x = 0; x < rowBytes; x++) {
      const left = x > 0 ? rows[start + x - 1]! : 0;
      const up = y > 0 ? rows[start + x - stride]! : 0;
      const upLeft = x > 0 && y > 0 ? rows[start + x - stride - 1]! : 0;
      rows[start + x]! += predict(filter, left, up, upLeft);
    }
  }
}

function predict(filter: number, left: number, up: number, upLeft: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const base = left + up - upLeft;
  const toLeft = Math.abs(base - left);
  const toUp = Math.abs(base - up);
  const toUpLeft = Math.abs(base - upLeft);
  if (toLeft <= toUp && toLeft <= toUpLeft) return left;
  return toUp <= toUpLeft ? up : upLeft;
}

function unpack(rows: Buffer, width: number, height: number, depth: number, rowBytes: number): Uint8Array {
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
