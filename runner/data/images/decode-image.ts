import sharp, { type Sharp } from 'sharp';
import type { Pixels } from './pixels.js';

export interface DecodedPixels {
  width: number;
  height: number;
  /** Interleaved; 16 bits where the file has them. */
  pixels: Pixels;
}

/** Damaged files end here, and not as a picture that is half gray. No colour profile changes a value: none is converted. */
const OPTIONS = { failOn: 'warning', ignoreIcc: true } as const;

/**
 * RGB of a JPEG or PNG file, gray ones too, as it is stored. The orientation tag is not applied: labels belong to the
 * stored pixels.
 */
export async function decodeRgb(file: Buffer): Promise<DecodedPixels> {
  const image = sharp(file, OPTIONS);
  const { depth } = await image.metadata();
  const decoded = await decode(image, depth === 'ushort' ? 'rgb16' : 'srgb');
  if (decoded.channels !== 3) throw new Error(`has ${decoded.channels} channels after conversion to RGB; expected 3`);
  return decoded;
}

/**
 * The values of a JPEG or PNG file with one channel, as they are stored. Its transparency, if any, is left out.
 *
 * @throws Error when the file has colours.
 */
export async function decodeOneChannel(file: Buffer): Promise<DecodedPixels> {
  const image = sharp(file, OPTIONS);
  const { depth, space } = await image.metadata();
  if (space !== 'b-w' && space !== 'grey16') {
    throw new Error('has colours where one channel is expected; save it as an 8- or 16-bit grayscale PNG');
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
  // A copy of its own: the buffer may be a window into a larger one that would stay alive with it.
  const bytes = new Uint8Array(data);
  const { width, height, channels } = info;
  return { width, height, channels, pixels: deep ? new Uint16Array(bytes.buffer) : bytes };
}
