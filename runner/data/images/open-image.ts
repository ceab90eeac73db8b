import sharp, { type Metadata, type Sharp } from 'sharp';

/** A damaged file is an error, not a half-gray picture. Colour profiles are ignored: they would change values. */
const OPTIONS = { failOn: 'warning', ignoreIcc: true } as const;

/**
 * Opens an image file, reads its header and does something with it.
 *
 * @throws Error in plain words when the file is damaged or no image, and whatever `use` throws itself
 */
export async function withImage<T>(file: Buffer, use: (image: Sharp, metadata: Metadata) => Promise<T>): Promise<T> {
  if (file.length === 0) throw new Error('the file is empty');
  const image = sharp(file, OPTIONS);
  const metadata = await image.metadata().catch(inPlainWords);
  return use(image, metadata);
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
