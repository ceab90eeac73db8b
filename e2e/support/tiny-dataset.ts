import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const SIDE = 32;
const IMAGES = { train: 16, val: 2, test: 2 };

/**
 * Writes a folder dataset of two classes (a bright square on dark ground) that trains in seconds, for tests of everything
 * around training.
 */
export async function writeTinyDataset(directory: string): Promise<void> {
  for (const [subset, count] of Object.entries(IMAGES)) {
    for (const part of ['images', 'labels']) mkdirSync(join(directory, subset, part), { recursive: true });
    for (let index = 0; index < count; index++) {
      const labels = square(4 + index, 8 + ((5 * index) % 12));
      const pixels = labels.flatMap((label, at) => [40 + 160 * label, 40 + (at % 64), 90]);
      await writePng(join(directory, subset, 'images', `${index}.png`), pixels, 3);
      await writePng(join(directory, subset, 'labels', `${index}.png`), labels, 1);
    }
  }
  const classes = [
    { id: 0, name: 'ground', color: [0, 0, 0] },
    { id: 1, name: 'square', color: [255, 255, 0] },
  ];
  writeFileSync(join(directory, 'classes.json'), JSON.stringify({ classes }));
}

/** Row-major labels: 1 in a square with its corner at (corner, corner), 0 around it. */
function square(corner: number, side: number): number[] {
  const inside = (x: number): boolean => x >= corner && x < corner + side;
  return Array.from({ length: SIDE * SIDE }, (_, at) => Number(inside(at % SIDE) && inside(Math.floor(at / SIDE))));
}

async function writePng(file: string, values: number[], channels: 1 | 3): Promise<void> {
  const image = sharp(Buffer.from(values), { raw: { width: SIDE, height: SIDE, channels } });
  await image
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png()
    .toFile(file);
}
