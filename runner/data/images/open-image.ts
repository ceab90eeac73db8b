import sharp, { type Metadata, type Sharp } from 'sharp';
import { decodeBmp, isBmp } from './bmp.js';

/** A damaged file is an error, not a half-gray picture. Colour profiles are ignored: they would change values. */
const OPTIONS = { failOn: 'warning', ignoreIcc: true } as const;

/**
 * Opens an image file, reads its header and does something with it.
 *
 * @throws Error in plain words when the file is damaged or no image, and whatever `use` throws itself
 */
export async function withImage<T>(file: Buffer, use: (image: Sharp, metadata: Metadata) => Promise<T>): Promise<T> {
  if (file.length === 0) throw new Error('the file is empty');
  const image = isBmp(file) ? openBmp(file) : sharp(file, OPTIONS);
  const metadata = await image.metadata().catch(inPlainWords);
  const { pages = 1 } = metadata;
  if (pages > 1) throw new Error(`it holds ${pages} pictures; save each in a file of its own`);
  return use(image, metadata);
}

/** libvips cannot read BMP files. */
function openBmp(file: Buffer): Sharp {
  const bmp = decodeBmp(file);
  const { width, height } = bmp;
  if (bmp.kind === 'colours') return sharp(bmp.rgb, { raw: { width, height, channels: 3 } });
  const palette = bmp.palette ?? new Uint8Array();
  const isGray = palette.every((value, at) => value === palette[at - (at % 3)]);
  const channels = isGray ? 1 : 3;
  const pixels = new Uint8Array(bmp.labels.length * channels);
  for (let at = 0; at < pixels.length; at++) {
    const colour = palette[bmp.labels[Math.floor(at / channels)]! * 3 + (at % channels)];
    if (colour === undefined) throw new Error('the file is damaged: its palette is too short');
    pixels[at] = colour;
  }
  return sharp(pixels, { raw: { width, height, channels } });
}

/** The pixels as stored in memory: interleaved, in the type that `image` was told. */
export async function rawPixels(image: Sharp, depth: 'uchar' | 'ushort') {
  return image.raw({ depth }).toBuffer({ resolveWithObject: true }).catch(inPlainWords);
}

/** What libvips says about a file, for people who have never heard of libvips. */
function inPlainWords(error: Error): never {
  if (error.message.includes('unsupported image format')) {
    throw new Error('it is damaged, or no JPEG, PNG, BMP, TIFF or WebP image', { cause: error });
  }
  // What libvips says besides may belong to another file, which another thread decodes: it keeps one buffer for all.
  throw new Error('the file is damaged or cut off; copy it again from where it came', { cause: error });
}
