import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodePalettePng, encodeRgbPng } from '../../runner/data/images/png.js';
import { type Random, randomStream } from '../../runner/random/random.js';

/** The side of the images. */
const SIDE = 160;
/** They are tiled with regions of this side. */
const REGION = 40;
/** The side of the one small thing in each image. */
const SPOT = 8;

export const PLANTED = {
  ground: 'background',
  /** Two classes that are easy. */
  red: 'red',
  green: 'green',
  /** In every image, but so small that few crops hold it. */
  starved: 'spot',
  /** Looks as another class of which there is more. */
  confused: 'twin',
  /** Looks as what is background elsewhere: predicted, but with little confidence. */
  unsure: 'maybe',
  /** In training images, but in none of those that the split lists. */
  missing: 'absent',
} as const;

type Planted = keyof typeof PLANTED;

const KINDS = Object.keys(PLANTED) as Planted[];
const COLOURS: Record<Planted, [number, number, number]> = {
  ground: [90, 90, 90],
  red: [220, 40, 40],
  green: [40, 200, 60],
  starved: [250, 250, 250],
  confused: [30, 60, 220],
  unsure: [190, 60, 200],
  missing: [240, 220, 40],
};
/** The look of `confused` and of the class it is taken for, which has three times as many regions. */
const BLUE = COLOURS.confused;

/**
 * Writes a folder dataset in which four classes are not learnt, each for a cause of its own, and the others are. The list
 * `labelled.txt` names the training images that a split uses.
 */
export async function writePlantedDataset(directory: string): Promise<void> {
  const classes = KINDS.map((kind, id) => ({ id, name: PLANTED[kind], color: COLOURS[kind] }));
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'classes.json'), JSON.stringify({ classes, ignore_index: 255 }));
  const labelled: string[] = [];
  for (const [subset, images] of Object.entries({ train: 24, val: 3 })) {
    for (const kind of ['images', 'labels']) await mkdir(join(directory, subset, kind), { recursive: true });
    for (let image = 0; image < images; image++) {
      const id = `${subset}${image}`;
      const isListed = subset === 'train' && image < 12;
      if (isListed) labelled.push(id);
      const { pixels, labels } = scene(randomStream(1, id), isListed ? null : 'missing');
      await writeFile(join(directory, subset, 'images', `${id}.png`), await encodeRgbPng(pixels, SIDE, SIDE));
      const png = await encodePalettePng(labels, SIDE, SIDE, classes, 255);
      await writeFile(join(directory, subset, 'labels', `${id}.png`), png);
    }
  }
  await writeFile(join(directory, 'labelled.txt'), labelled.join('\n'));
}

/** One image. @param extra a class to which one of its regions belongs besides those that all images have */
function scene(random: Random, extra: Planted | null): { pixels: Uint8Array; labels: Uint8Array } {
  const pixels = new Uint8Array(SIDE * SIDE * 3);
  const labels = new Uint8Array(SIDE * SIDE);
  const paint = (x0: number, y0: number, side: number, kind: Planted, colour = COLOURS[kind]) => {
    for (let y = y0; y < y0 + side; y++) {
      for (let x = x0; x < x0 + side; x++) {
        labels[y * SIDE + x] = KINDS.indexOf(kind);
        for (let c = 0; c < 3; c++)
          pixels[(y * SIDE + x) * 3 + c] = Math.max(0, Math.min(255, colour[c]! + random.int(21) - 10));
      }
    }
  };
  const across = SIDE / REGION;
  for (let region = 0; region < across * across; region++) {
    const [x, y] = [(region % across) * REGION, Math.floor(region / across) * REGION];
    const [kind, colour] = draw(random);
    paint(x, y, REGION, kind, colour);
  }
  paint(random.int(across) * REGION + 16, random.int(across) * REGION + 16, SPOT, 'starved');
  if (extra) paint(random.int(across) * REGION, 0, REGION, extra);
  return { pixels, labels };
}

/** The class of a region, and its colour. */
function draw(random: Random): [Planted, [number, number, number]] {
  const place = random.int(100);
  if (place < 25) return ['ground', COLOURS.ground];
  if (place < 40) return ['green', COLOURS.green];
  // Red is blue most of the time, when it cannot be told from its twin.
  if (place < 50) return ['red', COLOURS.red];
  if (place < 70) return ['red', BLUE];
  if (place < 77) return ['confused', BLUE];
  if (place < 92) return ['unsure', COLOURS.unsure];
  return ['ground', COLOURS.unsure];
}
