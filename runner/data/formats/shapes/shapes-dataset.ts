import type { Subset } from '../../../tracking/tracker.js';
import type { ClassInfo, Dataset, LabelledImage } from '../../dataset.js';
import { asList, countPixels } from '../../images/class-counts.js';
import { IMAGENET } from '../../images/normalisation.js';
import { describeDataset } from '../fingerprint.js';
import { SHAPE_CLASSES } from './classes.js';
import { LONGTAIL } from './longtail.js';
import { drawScene, SCENE_SIDE, type SceneContents } from './scene.js';

/** A built-in dataset. */
interface BuiltIn {
  scenes: Record<Subset, number>;
  contents: SceneContents;
}

/**
 * There are 512 training scenes. 1/8 of them, 64 scenes, show each class about 30 times: enough to start with, but too
 * few to learn every hue, pattern, size, rotation and overlap. 1/16 and 1/2 of them are whole numbers too. The 64
 * validation and 128 test scenes show each class about 27 and 53 times.
 */
const SHAPES: BuiltIn = {
  scenes: { TRAIN: 512, VAL: 64, TEST: 128 },
  contents: {
    name: 'shapes',
    classes: SHAPE_CLASSES,
    *chooseClasses(random, objects) {
      for (let i = 0; i < objects; i++) yield random.int(SHAPE_CLASSES.length);
    },
  },
};

/** As many training scenes, and more for evaluations, because they must show the rarest class a few times, too. */
const SHAPES_LONGTAIL: BuiltIn = { scenes: { TRAIN: 512, VAL: 128, TEST: 256 }, contents: LONGTAIL };

/** By kind, which is also the name that runners announce. */
const BUILT_IN: Readonly<Record<string, BuiltIn>> = { shapes: SHAPES, shapes_longtail: SHAPES_LONGTAIL };

/** The kinds of datasets that have no files. */
export const BUILT_IN_KINDS: readonly string[] = Object.keys(BUILT_IN);

/** Not used, because every pixel has a class, but a dataset needs a value for ignored pixels. */
const IGNORE_INDEX = 255;

/**
 * A built-in dataset: 64x64 scenes from a fixed seed, drawn on first use and kept in memory (15 MB in total).
 *
 * @param kind one of BUILT_IN_KINDS
 */
export function openShapes(name: string, kind = 'shapes'): Dataset {
  const { scenes, contents: scene } = BUILT_IN[kind]!;
  const ids: Record<Subset, readonly string[]> = {
    TRAIN: idsOf('TRAIN', scenes),
    VAL: idsOf('VAL', scenes),
    TEST: idsOf('TEST', scenes),
  };
  const classes: readonly ClassInfo[] = [
    { name: 'background', color: [60, 60, 60] },
    ...scene.classes.map(({ name, color }) => ({ name, color })),
  ];
  const drawn = new Map<string, LabelledImage>();
  const channels = 3;
  const unlabelledIds: readonly string[] = [];
  const images = { ids, unlabelledIds };
  const contents = {
    classes,
    ignoreIndex: IGNORE_INDEX,
    channels,
    normalisation: IMAGENET,
    ...images,
  } as const;
  return {
    descriptor: describeDataset(name, kind, contents),
    ids: (subset) => ids[subset],
    unlabelledIds,
    async load(subset, id) {
      if (!ids[subset].includes(id)) throw new RangeError(`dataset "${name}" has no ${subset} image "${id}"`);
      const known = drawn.get(id);
      if (known) return known;
      const image = { id, width: SCENE_SIDE, height: SCENE_SIDE, channels, ...drawScene(id, scene) } as const;
      drawn.set(id, image);
      return image;
    },
    async classPixels(id) {
      return asList(countPixels((await this.load('TRAIN', id)).labels, classes.length), classes.length);
    },
    tagged: [],
    forgetCounts() {},
  };
}

function idsOf(subset: Subset, scenes: BuiltIn['scenes']): string[] {
  const prefix = subset.toLowerCase();
  return Array.from({ length: scenes[subset] }, (_, i) => `${prefix}-${String(i).padStart(4, '0')}`);
}
