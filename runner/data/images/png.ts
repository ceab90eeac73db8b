import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import sharp from 'sharp';
import type { ClassInfo } from '../dataset.js';
import { writePng } from './png-chunks.js';

const deflateAsync = promisify(deflate);

const PALETTE_COLOR_TYPE = 3;
const OPAQUE = 255;

/**
 * Encodes a label map as an 8-bit palette PNG whose pixel values are the class indices. The file is both a picture and
 * the data. Ignored pixels are transparent black. (libvips quantises and reorders palettes, so it cannot write such a
 * file: docs/decisions/0027-label-pngs.md.)
 *
 * @param labels height x width, class indices or `ignoreIndex`
 * @throws RangeError when the size is wrong, or a value is neither a class nor the ignore index.
 */
export async function encodePalettePng(
  labels: Uint8Array,
  width: number,
  height: number,
  classes: readonly ClassInfo[],
  ignoreIndex: number,
): Promise<Uint8Array> {
  requireLength('labels', labels, width * height);
  const bad = labels.findIndex((value) => value >= classes.length && value !== ignoreIndex);
  if (bad >= 0) {
    const position = `x ${bad % width}, y ${Math.floor(bad / width)}`;
    throw new RangeError(
      `label ${labels[bad]} at ${position} is neither a class (0 to ${classes.length - 1}) nor the ignore index ${ignoreIndex}`,
    );
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = PALETTE_COLOR_TYPE;

  const entries = Math.max(classes.length, ignoreIndex + 1);
  const palette = Buffer.alloc(entries * 3);
  for (const [index, { color }] of classes.entries()) palette.set(color, index * 3);
  const alpha = Buffer.alloc(entries, OPAQUE);
  alpha[ignoreIndex] = 0;

  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y++) rows.set(labels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return writePng([
    { type: 'IHDR', data: header },
    { type: 'PLTE', data: palette },
    { type: 'tRNS', data: alpha },
    { type: 'IDAT', data: await deflateAsync(rows) },
    { type: 'IEND', data: Buffer.alloc(0) },
  ]);
}

/**
 * Encodes an RGB image.
 *
 * @param pixels height x width x 3, 0 to 255
 * @throws RangeError when the size is wrong.
 */
export async function encodeRgbPng(pixels: Uint8Array, width: number, height: number): Promise<Uint8Array> {
  requireLength('pixels', pixels, width * height * 3);
  const png = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  return new Uint8Array(png);
}

function requireLength(what: string, values: Uint8Array, expected: number): void {
  if (values.length !== expected) throw new RangeError(`${what}: expected ${expected} values, got ${values.length}`);
}
