import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { randomStream } from '../../random/random.js';
import type { ClassInfo } from '../dataset.js';
import { encodePalettePng } from '../images/png.js';

const WIDTH = 40;
const HEIGHT = 30;
const IGNORE = 255;
const GROUND = 0;
const THING = 1;
const RARE = 2;

const CLASSES: ClassInfo[] = [
  { name: 'ground', color: [10, 20, 30] },
  { name: 'thing', color: [200, 100, 50] },
  { name: 'rare', color: [0, 255, 0] },
];

/**
 * Creates a folder dataset with everything that can look wrong, in a new temporary folder. Images have 40x30 pixels.
 *
 * | image | is | label |
 * |---|---|---|
 * | train a | | left half ground, right half thing |
 * | train b | | all ignored |
 * | train c | the bytes of train a | all ground |
 * | train d | | ground, and one pixel of thing |
 * | train e | | none |
 * | val a | the bytes of train a | all thing |
 * | val f | train d as JPEG | all rare |
 * | test g | with EXIF orientation 3 | upper half ground, lower half thing; the palette gives thing the colour of rare |
 */
export async function makeOddFolder(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'crosscheck-odd-'));
  const put = async (path: string, bytes: string | Uint8Array) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), bytes);
  };
  await put('classes.json', JSON.stringify({ classes: CLASSES.map((info, id) => ({ id, ...info })) }));
  const [a, b, d, e] = await Promise.all(['a', 'b', 'd', 'e'].map((name) => texture(name).png().toBuffer()));
  for (const [id, image] of Object.entries({ a, b, c: a, d, e })) await put(`train/images/${id}.png`, image!);
  await put('train/labels/a.png', await label((x) => (x < WIDTH / 2 ? GROUND : THING)));
  await put('train/labels/b.png', await label(() => IGNORE));
  await put('train/labels/c.png', await label(() => GROUND));
  await put('train/labels/d.png', await label((x, y) => (x === 7 && y === 9 ? THING : GROUND)));
  await put('val/images/a.png', a!);
  await put('val/labels/a.png', await label(() => THING));
  await put('val/images/f.jpg', await texture('d').jpeg().toBuffer());
  await put('val/labels/f.png', await label(() => RARE));
  await put('test/images/g.jpg', await texture('g').withMetadata({ orientation: 3 }).jpeg().toBuffer());
  const [ground, thing, rare] = CLASSES;
  const renumbered = [ground!, { ...thing!, color: rare!.color }, { ...rare!, color: thing!.color }];
  await put('test/labels/g.png', await label((_, y) => (y < HEIGHT / 2 ? GROUND : THING), renumbered));
  return root;
}

/** Smooth colours that depend on the name. */
function texture(name: string): Sharp {
  const random = randomStream(1, name);
  const small = Uint8Array.from({ length: 8 * 6 * 3 }, () => random.int(256));
  const raw = { width: 8, height: 6, channels: 3 } as const;
  return sharp(small, { raw }).resize(WIDTH, HEIGHT, { fit: 'fill' });
}

function label(valueAt: (x: number, y: number) => number, classes = CLASSES): Promise<Uint8Array> {
  const labels = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => valueAt(i % WIDTH, Math.floor(i / WIDTH)));
  return encodePalettePng(labels, WIDTH, HEIGHT, classes, IGNORE);
}
