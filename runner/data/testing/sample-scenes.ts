import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { randomStream } from '../../random/random.js';
import type { Subset } from '../../tracking/tracker.js';
import type { ClassInfo } from '../dataset.js';
import { encodePalettePng } from '../images/png.js';

export const SCENE_SIDE = 32;
/** Marks a pixel without a class in the labels of scenes. */
export const IGNORED = 255;
export const SCENE_CLASSES = 3;

/** A picture of which each layout makes files. */
export interface Scene {
  id: string;
  subset: Subset;
  /** Red, green, blue. */
  colours: Uint8Array;
  heat: Uint8Array;
  /** 0 to SCENE_CLASSES - 1, or IGNORED. */
  labels: Uint8Array;
}

/**
 * Draws six training, two validation and two test scenes, the same every time.
 * @param withIgnored some layouts cannot say that a pixel has no class
 */
export function drawScenes(nameOf: (index: number) => string, withIgnored: boolean): Scene[] {
  const subsets: Subset[] = [...Array<Subset>(6).fill('TRAIN'), 'VAL', 'VAL', 'TEST', 'TEST'];
  return subsets.map((subset, index) => {
    const random = randomStream(7, 'scenes', index);
    const [left, top] = [random.int(SCENE_SIDE / 2), random.int(SCENE_SIDE / 2)];
    const labels = Uint8Array.from({ length: SCENE_SIDE ** 2 }, (_, at) => {
      const [x, y] = [at % SCENE_SIDE, Math.floor(at / SCENE_SIDE)];
      if (withIgnored && y === 0) return IGNORED;
      if (x >= left && x < left + 12 && y >= top && y < top + 12) return 1;
      return x + y > SCENE_SIDE ? 2 : 0;
    });
    const noisy = (value: number) => value + random.int(40);
    const colours = Uint8Array.from({ length: labels.length * 3 }, (_, at) => noisy((labels[(at / 3) | 0]! % 3) * 90));
    const heat = Uint8Array.from(labels, (label) => noisy((label % 3) * 70));
    return { id: nameOf(index), subset, colours, heat, labels };
  });
}

/** The files of a scene, of which each layout uses some. */
export const encoded = {
  jpeg: ({ colours }: Scene) => sharp(colours, rawOf(3)).jpeg().toBuffer(),
  png: ({ colours }: Scene) => sharp(colours, rawOf(3)).png().toBuffer(),
  thermal: ({ heat }: Scene) => grayPng(heat),
  fourChannels: ({ colours, heat }: Scene) =>
    sharp(colours, rawOf(3)).joinChannel(Buffer.from(heat), rawOf(1)).png().toBuffer(),
  /** A label with the value `of(label)` for each pixel. */
  values: ({ labels }: Scene, of: (label: number) => number) => grayPng(labels.map(of)),
  /** A label with the colour of each pixel's class. */
  colours({ labels }: Scene, classes: readonly ClassInfo[]) {
    const rgb = new Uint8Array(labels.length * 3);
    for (const [at, label] of labels.entries()) rgb.set(classes[label]!.color, at * 3);
    return sharp(rgb, rawOf(3)).png().toBuffer();
  },
};

const rawOf = (channels: 1 | 3) => ({ raw: { width: SCENE_SIDE, height: SCENE_SIDE, channels } });

function grayPng(values: Uint8Array): Promise<Buffer> {
  return sharp(values, rawOf(1)).toColourspace('b-w').png().toBuffer();
}

/** Writes files into a new temporary folder, by their paths there. */
export async function writeFiles(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'crosscheck-layout-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

/** The scenes in the folder format, in a new temporary folder, with the class `indexOf(label)` for each label. */
export async function writeSceneFolder(
  scenes: readonly Scene[],
  { classes, channels }: { classes: readonly ClassInfo[]; channels: 3 | 4 },
  indexOf: (label: number) => number,
): Promise<string> {
  const files: Record<string, string | Uint8Array> = { 'classes.json': JSON.stringify({ classes, channels }) };
  for (const scene of scenes) {
    const folder = scene.subset.toLowerCase();
    const labels = scene.labels.map((label) => (label === IGNORED ? IGNORED : indexOf(label)));
    files[`${folder}/images/${scene.id}.${channels === 4 ? 'png' : 'jpg'}`] =
      channels === 4 ? await encoded.png(scene) : await encoded.jpeg(scene);
    if (channels === 4) files[`${folder}/thermal/${scene.id}.png`] = await encoded.thermal(scene);
    files[`${folder}/labels/${scene.id}.png`] = await encodePalettePng(
      labels,
      SCENE_SIDE,
      SCENE_SIDE,
      classes,
      IGNORED,
    );
  }
  return writeFiles(files);
}
