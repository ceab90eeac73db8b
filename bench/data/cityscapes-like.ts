import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { RunConfig } from '../../schema/run-config.js';
import { benchConfig } from '../example.js';

/** Enough that the crops of a step come from different images: an image that is needed twice at a time is decoded once. */
const IMAGES = 256;

/** CPS + CutMix on crops of 800x800; half of the images are labelled. @param iterations steps of the run */
export function cityscapesLikeConfig(iterations: number): RunConfig {
  return benchConfig({
    method: { name: 'cps_cutmix' },
    split: { labelledRatio: 0.5 },
    augmentation: { crop: [800, 800], scales: [0.5, 0.75, 1, 1.5, 1.75, 2] },
    training: { batchLabelled: 8, batchUnlabelled: 8, iterations },
  });
}

/**
 * Creates a folder in Cityscapes' layout that links to a few real images under many names. null if there are no images to link to.
 * @param samples a folder in Cityscapes' layout
 */
export async function cityscapesLike(samples: string): Promise<string | null> {
  const images = join(samples, 'leftImg8bit', 'train');
  if (!existsSync(images)) return null;
  const stems: string[] = [];
  for (const city of await readdir(images)) {
    for (const name of await readdir(join(images, city))) stems.push(join(city, name.replace('_leftImg8bit.png', '')));
  }
  const root = await mkdtemp(join(tmpdir(), 'crosscheck-bench-'));
  for (const [subset, count] of [
    ['train', IMAGES],
    ['val', 1],
  ] as const) {
    const folder = (kind: string) => join(root, kind, subset, 'bench');
    for (const kind of ['leftImg8bit', 'gtFine']) await mkdir(folder(kind), { recursive: true });
    for (let index = 0; index < count; index++) {
      const from = stems[index % stems.length]!;
      const id = `bench_${String(index).padStart(6, '0')}_000019`;
      const link = (kind: string, ending: string) =>
        symlink(resolve(samples, kind, 'train', `${from}${ending}`), join(folder(kind), `${id}${ending}`));
      await link('leftImg8bit', '_leftImg8bit.png');
      await link('gtFine', '_gtFine_labelIds.png');
    }
  }
  return root;
}
