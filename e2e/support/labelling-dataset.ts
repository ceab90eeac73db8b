import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodePalettePng, encodeRgbPng } from '../../runner/data/images/png.js';
import { type Random, randomStream } from '../../runner/random/random.js';

const SIDE = 64;
/** Each image has a few squares of this side on its background. */
const SQUARE = 16;

/** Background, two common classes and a rare one, each with its own colour. */
const CLASSES = [
  { name: 'background', color: [90, 90, 90] },
  { name: 'red', color: [220, 40, 40] },
  { name: 'green', color: [40, 200, 60] },
  { name: 'blue', color: [40, 60, 220] },
].map((each, id) => ({ id, ...each, color: each.color as [number, number, number] }));
const [RED, GREEN, BLUE] = [1, 2, 3];

/** The labelled image whose green square is labelled as red, and the only unlabelled ones that hold blue. */
export const WRONGLY_LABELLED = 'train05';
export const WITH_BLUE = ['unlabelled03', 'unlabelled11'];

/** Writes a folder dataset with 12 labelled and 16 unlabelled training images. Blue is in two of the labelled ones. */
export async function writeLabellingDataset(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'classes.json'), JSON.stringify({ classes: CLASSES, ignore_index: 255 }));
  for (const [subset, count] of Object.entries({ train: 12, val: 2 })) {
    for (const kind of ['images', 'labels']) await mkdir(join(directory, subset, kind), { recursive: true });
    for (let i = 0; i < count; i++) {
      const id = `${subset}${String(i).padStart(2, '0')}`;
      const { pixels, labels } = scene(id, i % 6 === 1);
      if (id === WRONGLY_LABELLED) for (const [at, label] of labels.entries()) if (label === GREEN) labels[at] = RED;
      await writeFile(join(directory, subset, 'images', `${id}.png`), await encodeRgbPng(pixels, SIDE, SIDE));
      const png = await encodePalettePng(labels, SIDE, SIDE, CLASSES, 255);
      await writeFile(join(directory, subset, 'labels', `${id}.png`), png);
    }
  }
  await mkdir(join(directory, 'unlabelled', 'images'), { recursive: true });
  for (let i = 0; i < 16; i++) {
    const id = `unlabelled${String(i).padStart(2, '0')}`;
    const { pixels } = scene(id, WITH_BLUE.includes(id));
    await writeFile(join(directory, 'unlabelled', 'images', `${id}.png`), await encodeRgbPng(pixels, SIDE, SIDE));
  }
}

/** One red and one green square, and a blue one if wanted, each in another quarter. */
function scene(id: string, withBlue: boolean): { pixels: Uint8Array; labels: Uint8Array } {
  const random = randomStream(1, id);
  const labels = new Uint8Array(SIDE * SIDE);
  const turn = random.int(4);
  for (const [place, label] of [RED, GREEN, ...(withBlue ? [BLUE] : [])].entries()) {
    const quarter = (place + turn) % 4;
    paint(labels, label!, (quarter % 2) * 32 + random.int(16), Math.floor(quarter / 2) * 32 + random.int(16));
  }
  return { pixels: coloured(labels, random), labels };
}

function paint(labels: Uint8Array, label: number, left: number, top: number): void {
  for (let y = top; y < top + SQUARE; y++) labels.fill(label, y * SIDE + left, y * SIDE + left + SQUARE);
}

function coloured(labels: Uint8Array, random: Random): Uint8Array {
  const noisy = (value: number) => Math.max(0, Math.min(255, value + random.int(21) - 10));
  return Uint8Array.from([...labels].flatMap((label) => CLASSES[label]!.color.map(noisy)));
}
