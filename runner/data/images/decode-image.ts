import sharp, { type Sharp } from 'sharp';
import type { Pixels } from './pixels.js';

export interface DecodedPixels {
  width: number;
  height: number;
  /** Interleaved; 16 bits if the file has them. */
  pixels: Pixels;
}

/** A damaged file is an error, not a half-gray picture. Colour profiles are ignored: they would change values. */
const OPTIONS = { failOn: 'warning', ignoreIcc: true } as const;

/**
 * Decodes a JPEG or PNG file as RGB, even if it is gray. The orientation tag is not applied, because labels belong to
 * the stored pixels.
 */
export async function decodeRgb(file: Buffer): Promise<DecodedPixels> {
  const image = sharp(file, OPTIONS);
  const { depth } = await image.metadata();
  const decoded = await decode(image, depth === 'ushort' ? 'rgb16' : 'srgb');
  if (decoded.channels !== 3)
    throw new Error(`it has ${decoded.channels} channels after conversion to RGB; expected 3`);
  return decoded;
}

/**
 * Decodes a JPEG or PNG file with one channel. Transparency is dropped.
 *
 * @throws Error when the file has colours.
 */
export async function decodeOneChannel(file: Buffer): Promise<DecodedPixels> {
  const image = sharp(file, OPTIONS);
  const { depth, space } = await image.metadata();
  if (space !== 'b-w' && space !== 'grey16') {
    throw new Error('it is a colour image, but one channel is expected; save it as an 8-bit or 16-bit grayscale PNG');
  }
  return decode(image, depth === 'ushort' ? 'grey16' : 'b-w');
}

async function decode(image: Sharp, space: string): Promise<DecodedPixels & { channels: number }> {
  const deep = space.endsWith('16');
  const { data, info } = await image
    .toColourspace(space)
    .removeAlpha()
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  // Copy: the buffer may be a view of a larger one, which would stay alive with it.
  const bytes = new Uint8Array(data);
  const { width, height, channels } = info;
  return { width, height, channels, pixels: deep ? new Uint16Array(bytes.buffer) : bytes };
}
