import { decodeBmp, isBmp, isTransparentInPart } from './bmp.js';
import type { DecodedLabel } from './decoded-label.js';
import { rawPixels, withImage } from './open-image.js';
import { decodeLabelPng, pngKind } from './png-labels.js';
import { requireLabelTiff } from './tiff-labels.js';

const TRANSPARENT = 'the label is transparent in part, so its colours may not be those that one sees; flatten it';

/**
 * Reads a label file: gray or palette with at most 8 bits, as raw values, or 8-bit colours. Transparency that is the same
 * everywhere is dropped.
 *
 * @throws Error when the file is damaged, or its pixels cannot be labels.
 */
export async function decodeLabel(bytes: Buffer): Promise<DecodedLabel> {
  const png = pngKind(bytes);
  if (png !== null && !png.isTrueColour) return { kind: 'values', ...(await decodeLabelPng(bytes)) };
  if (isBmp(bytes)) {
    const label = decodeBmp(bytes);
    if (isTransparentInPart(bytes)) throw new Error(TRANSPARENT);
    return label;
  }
  return withImage(bytes, async (image, { format, depth, space, hasAlpha }) => {
    if (format === 'jpeg' || isLossyWebp(bytes))
      throw new Error('lossy compression changes values, so it cannot hold a label; save labels as PNG');
    if (depth !== 'uchar') throw new Error(`the label has ${depth} values; save it with 8 bits`);
    if (format === 'tiff') requireLabelTiff(bytes);
    const { data, info } = await rawPixels(image.toColourspace(space === 'b-w' ? 'b-w' : 'srgb'), 'uchar');
    const { width, height } = info;
    const channels = hasAlpha ? info.channels - 1 : info.channels;
    // Copy: the buffer may be a view of a larger one, which would stay alive with it.
    const pixels = hasAlpha ? withoutAlpha(data, info.channels) : new Uint8Array(data);
    if (channels === 1) return { kind: 'values', width, height, labels: pixels, palette: null };
    if (channels === 3) return { kind: 'colours', width, height, rgb: pixels };
    throw new Error(`the label has ${channels} channels; expected 1 or 3`);
  });
}

/** The pixels of a picture without its last channel. @throws Error if that is not the same everywhere */
function withoutAlpha(data: Uint8Array, channels: number): Uint8Array {
  const kept = channels - 1;
  const pixels = new Uint8Array((data.length / channels) * kept);
  for (let from = 0, to = 0; from < data.length; from += channels, to += kept) {
    if (data[from + kept] !== data[kept]) throw new Error(TRANSPARENT);
    for (let c = 0; c < kept; c++) pixels[to + c] = data[from + c]!;
  }
  return pixels;
}

const RIFF_HEADER = 12;
const CHUNK_HEADER = 8;

/** Whether the bytes are a WebP file with a chunk of lossy pixels ("VP8 "). */
function isLossyWebp(bytes: Buffer): boolean {
  if (bytes.toString('latin1', 8, RIFF_HEADER) !== 'WEBP') return false;
  for (let at = RIFF_HEADER; at + CHUNK_HEADER <= bytes.length; ) {
    if (bytes.toString('latin1', at, at + 4) === 'VP8 ') return true;
    const size = bytes.readUInt32LE(at + 4);
    // Chunks begin at even offsets.
    at += CHUNK_HEADER + size + (size % 2);
  }
  return false;
}
