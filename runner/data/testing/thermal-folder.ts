import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { randomStream } from '../../random/random.js';
import { encodePalettePng } from '../images/png.js';

const SIDE = 32;
const CLASSES = [
  { name: 'cold', color: [0, 0, 128] as [number, number, number] },
  { name: 'warm', color: [255, 160, 0] as [number, number, number] },
];
const COLD = 29_000;
/** Differs by less than one 8-bit step, so code that drops the lower byte cannot tell the classes apart. */
const WARM = 29_100;

/**
 * Creates a folder dataset in a new temporary folder, with one channel or with RGB and thermal. The warm class is a
 * rectangle that is visible only in the 16-bit thermal values. It has six training, two validation and one test images.
 */
export async function makeThermalFolder(channels: 1 | 4): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'crosscheck-thermal-'));
  const classes = CLASSES.map((info, id) => ({ id, ...info }));
  await writeFile(join(root, 'classes.json'), JSON.stringify({ classes, channels }));
  const thermalFolder = channels === 1 ? 'images' : 'thermal';
  for (const [subset, count] of Object.entries({ train: 6, val: 2, test: 1 })) {
    for (const kind of ['images', 'labels', 'thermal']) await mkdir(join(root, subset, kind), { recursive: true });
    for (let index = 0; index < count; index++) {
      const random = randomStream(1, subset, index);
      const [left, top] = [random.int(SIDE / 2), random.int(SIDE / 2)];
      const labels = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
        const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
        return x >= left && x < left + SIDE / 2 && y >= top && y < top + SIDE / 2 ? 1 : 0;
      });
      const heat = Uint16Array.from(labels, (label) => (label === 1 ? WARM : COLD) + random.int(20));
      const file = (kind: string) => join(root, subset, kind, `${index}.png`);
      await writeFile(file('labels'), await encodePalettePng(labels, SIDE, SIDE, CLASSES, 255));
      const raw = { width: SIDE, height: SIDE, channels: 1 } as const;
      await sharp(heat, { raw }).toColourspace('grey16').png().toFile(file(thermalFolder));
      if (channels === 4) {
        const create = { width: SIDE, height: SIDE, channels: 3, background: '#445566' } as const;
        await sharp({ create }).png().toFile(file('images'));
      }
    }
  }
  return root;
}
