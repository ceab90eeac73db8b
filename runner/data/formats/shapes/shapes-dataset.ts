import type { Subset } from '../../../tracking/tracker.js';
import type { ClassInfo, Dataset, LabelledImage } from '../../dataset.js';
import { asList, countPixels } from '../../images/class-counts.js';
import { IMAGENET } from '../../images/normalisation.js';
import { describeDataset } from '../fingerprint.js';
import { SHAPE_CLASSES } from './classes.js';
import { drawScene, SCENE_SIDE } from './scene.js';

/**
 * There are 512 training scenes. 1/8 of them, 64 scenes, show each class about 30 times: enough to start with, but too
 * few to learn every hue, pattern, size, rotation and overlap. 1/16 and 1/2 of them are whole numbers too. The 64
 * validation and 128 test scenes show each class about 27 and 53 times.
 */
const SCENES: Record<Subset, number> = { TRAIN: 512, VAL: 64, TEST: 128 };

const CLASSES: readonly ClassInfo[] = [
  { name: 'background', color: [60, 60, 60] },
  ...SHAPE_CLASSES.map(({ name, color }) => ({ name, color })),
];

/** Not used, because every pixel has a class, but a dataset needs a value for ignored pixels. */
const IGNORE_INDEX = 255;

/** The built-in dataset: 64x64 scenes from a fixed seed, drawn on first use and kept in memory (11 MB in total). */
export function openShapes(name: string): Dataset {
  const ids: Record<Subset, readonly string[]> = { TRAIN: idsOf('TRAIN'), VAL: idsOf('VAL'), TEST: idsOf('TEST') };
  const drawn = new Map<string, LabelledImage>();
  const channels = 3;
  const unlabelledIds: readonly string[] = [];
  const images = { ids, unlabelledIds };
  const contents = {
    classes: CLASSES,
    ignoreIndex: IGNORE_INDEX,
    channels,
    normalisation: IMAGENET,
    ...images,
  } as const;
  return {
    descriptor: describeDataset(name, 'shapes', contents),
    ids: (subset) => ids[subset],
    unlabelledIds,
    async load(subset, id) {
      if (!ids[subset].includes(id)) throw new RangeError(`dataset "${name}" has no ${subset} image "${id}"`);
      const known = drawn.get(id);
      if (known) return known;
      const image = { id, width: SCENE_SIDE, height: SCENE_SIDE, channels, ...drawScene(id) } as const;
      drawn.set(id, image);
      return image;
    },
    async classPixels(id) {
      return asList(countPixels((await this.load('TRAIN', id)).labels, CLASSES.length), CLASSES.length);
    },
    tagged: [],
    forgetCounts() {},
  };
}

function idsOf(subset: Subset): string[] {
  const prefix = subset.toLowerCase();
  return Array.from({ length: SCENES[subset] }, (_, i) => `${prefix}-${String(i).padStart(4, '0')}`);
}
