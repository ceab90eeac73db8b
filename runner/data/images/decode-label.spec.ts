import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { colours, gray } from '../testing/small-files.js';
import { grayTiff } from '../testing/tiff-files.js';
import { decodeLabel } from './decode-label.js';

const RED = [255, 0, 0];
const VALUES = [0, 1, 7, 200];

describe('a TIFF label', () => {
  it.each(['none', 'lzw', 'deflate', 'packbits'] as const)('of 8 bits keeps its values (%s)', async (compression) => {
    for (const options of [{ compression }, { compression, bigtiff: true, tile: true }]) {
      const label = await decodeLabel(await gray(VALUES).tiff(options).toBuffer());
      expect(label).toMatchObject({ kind: 'values', width: 4, height: 3 });
      expect(label.kind === 'values' && [...label.labels]).toEqual([...VALUES, ...VALUES, ...VALUES]);
      const inColour = await decodeLabel(await colours([RED]).tiff(options).toBuffer());
      expect(inColour.kind === 'colours' && [...inColour.rgb.slice(0, 3)]).toEqual(RED);
    }
  });

  it.each([
    ['jpeg', 7],
    ['webp', 50_001],
  ] as const)('compressed with %s is refused', async (compression, number) => {
    const label = await colours([RED]).tiff({ compression }).toBuffer();
    await expect(decodeLabel(label)).rejects.toThrow(
      `the label TIFF has the compression ${number}, not none, LZW, deflate or PackBits, which keep all values; save labels as PNG`,
    );
  });

  it.each([
    [8, 0, 'in the label TIFF, 0 is white, so its values would be inverted; save it as PNG'],
    [8, 3, 'the label TIFF has a palette, and only its colours can be read, not its values; save it as PNG'],
    [4, 1, 'the label TIFF has 4 bits per value; save it with 8 bits, or as PNG'],
    [1, 1, 'the label TIFF has 1 bits per value; save it with 8 bits, or as PNG'],
  ])('with %d bits and the photometric interpretation %d is refused', async (bits, photometric, problem) => {
    await expect(decodeLabel(grayTiff({ bits, photometric }, 8, 2))).rejects.toThrow(problem);
    expect(await decodeLabel(grayTiff({ bits: 8, photometric: 1 }, 8, 2))).toMatchObject({ kind: 'values', width: 8 });
  });
});

describe('transparency', () => {
  const layer = (alphas: readonly number[]) => {
    const rgba = Uint8Array.from({ length: 48 }, (_, at) => [...RED, alphas[(at >> 2) % alphas.length]!][at % 4]!);
    return sharp(rgba, { raw: { width: 4, height: 3, channels: 4 } });
  };

  it('that is the same everywhere is dropped', async () => {
    for (const alpha of [0, 128, 255]) {
      for (const label of [layer([alpha]).png(), layer([alpha]).tiff({ compression: 'lzw' })]) {
        const decoded = await decodeLabel(await label.toBuffer());
        expect(decoded.kind === 'colours' && decoded.rgb).toEqual(
          Uint8Array.from({ length: 36 }, (_, at) => RED[at % 3]!),
        );
      }
    }
  });

  it('of a part is refused, because the colours below it cannot be seen', async () => {
    const problem = 'the label is transparent in part, so its colours may not be those that one sees; flatten it';
    await expect(decodeLabel(await layer([255, 255, 0]).png().toBuffer())).rejects.toThrow(problem);
    await expect(decodeLabel(await layer([255, 254]).webp({ lossless: true }).toBuffer())).rejects.toThrow(problem);
  });
});
