import type { Metadata, Sharp } from 'sharp';
import { rawPixels, withImage } from './open-image.js';
import type { Channels, Pixels } from './pixels.js';

/** What a file says about its picture, besides the pixels. */
export interface PictureNotes {
  /** The EXIF orientation, 1 to 8; 1 if the picture is stored upright or does not say. */
  orientation: number;
  /** The channels in the file, with transparency. */
  storedChannels: number;
}

export interface DecodedPixels extends PictureNotes {
  width: number;
  height: number;
  /** Interleaved; 16 bits if the file has them. */
  pixels: Pixels;
}

/**
 * Decodes an image file. With three channels, gray images are read as RGB. With four, the fourth is what the file has as its
 * alpha channel. Transparency is dropped otherwise.
 *
 * @param upright whether to turn the picture as its orientation tag says. By default, the stored pixels are read.
 * @throws Error when the file is damaged, or has other channels.
 */
export function decodeImage(file: Buffer, channels: Channels, upright = false): Promise<DecodedPixels> {
  return withImage(file, (image, metadata) => {
    requireChannels(metadata, channels);
    return decode(upright ? image.autoOrient() : image, metadata, channels);
  });
}

const GRAYS: readonly (string | undefined)[] = ['b-w', 'grey16'];

function requireChannels({ space, channels, depth }: Metadata, wanted: Channels): void {
  if (depth !== 'uchar' && depth !== 'ushort')
    throw new Error(`its values are of the type "${depth}"; save it with 8 or 16 bits per channel`);
  if (space === 'cmyk') {
    throw new Error('it is a CMYK picture, for printers; its colours depend on a profile, so save it as RGB');
  }
  const isGray = GRAYS.includes(space);
  if (wanted === 1 && !isGray) {
    throw new Error('it is a colour image, but one channel is expected; save it as an 8-bit or 16-bit grayscale PNG');
  }
  if (wanted === 4 && (isGray || channels !== 4)) {
    throw new Error(`it has ${channels} channels; expected red, green, blue and thermal`);
  }
}

async function decode(image: Sharp, metadata: Metadata, wanted: Channels): Promise<DecodedPixels> {
  const { depth, orientation = 1, channels: storedChannels } = metadata;
  const isDeep = depth === 'ushort';
  const space = wanted === 1 ? (isDeep ? 'grey16' : 'b-w') : isDeep ? 'rgb16' : 'srgb';
  const converted = image.toColourspace(space);
  const { data, info } = await rawPixels(
    wanted === 4 ? converted : converted.removeAlpha(),
    isDeep ? 'ushort' : 'uchar',
  );
  const { width, height, channels } = info;
  if (channels !== wanted) throw new Error(`it has ${channels} channels after decoding; expected ${wanted}`);
  // Copy: the buffer may be a view of a larger one, which would stay alive with it.
  const bytes = new Uint8Array(data);
  const pixels = isDeep ? new Uint16Array(bytes.buffer) : bytes;
  return { width, height, pixels, orientation, storedChannels };
}
