import type { Subset } from '../../tracking/tracker.js';
import type { ClassInfo } from '../dataset.js';
import { COCO_STUFF_CLASSES } from '../formats/coco-stuff/classes.js';
import { MFNET_CLASSES } from '../formats/mfnet/classes.js';
import { drawScenes, encoded, IGNORED, type Scene, writeFiles, writeSceneFolder } from './sample-scenes.js';

/** How a layout arranges the files of scenes. */
export interface SampleLayout {
  title: string;
  kind: string;
  classes: readonly ClassInfo[];
  channels?: 4;
  /** Of the labels 0, 1 and 2, in `classes`; by default the same. */
  indices?: readonly number[];
  /** Whether its labels cannot say that a pixel has no class. */
  allLabelled?: boolean;
  nameOf?: (index: number) => string;
  /** The paths and contents of the files of a scene. */
  files(scene: Scene): Promise<Record<string, Uint8Array>>;
  /** Lists of classes and images. */
  lists?(scenes: readonly Scene[]): Record<string, string>;
}

export interface Sample {
  scenes: Scene[];
  /** The folder in the layout. */
  root: string;
  /** The same data in the folder format. */
  folder: string;
}

/** Writes the same scenes in a layout and in the folder format, into new temporary folders. */
export async function writeSample(layout: SampleLayout): Promise<Sample> {
  const { classes, channels = 3, indices = [0, 1, 2], allLabelled = false } = layout;
  const scenes = drawScenes(layout.nameOf ?? ((index) => `scene ${index}.a`), !allLabelled);
  const files: Record<string, string | Uint8Array> = { ...layout.lists?.(scenes) };
  for (const scene of scenes) Object.assign(files, await layout.files(scene));
  const folder = await writeSceneFolder(scenes, { classes, channels }, (label) => indices[label]!);
  return { scenes, root: await writeFiles(files), folder };
}

const THREE: ClassInfo[] = [
  { name: 'ground', color: [0, 0, 0] },
  { name: 'rust', color: [128, 0, 0] },
  { name: 'dent', color: [0, 128, 0] },
];
const CLASSES_JSON = { 'classes.json': JSON.stringify({ classes: THREE }) };
const plainLabel = (scene: Scene) => encoded.values(scene, (label) => label);

/** Two trees with the same names in both, the images as JPEG. */
function trees(images: string, labels: string, subsets: Record<Subset, string>, label = plainLabel) {
  return async (scene: Scene) => ({
    [`${images}/${subsets[scene.subset]}/${scene.id}.jpg`]: await encoded.jpeg(scene),
    [`${labels}/${subsets[scene.subset]}/${scene.id}.png`]: await label(scene),
  });
}

function listsIn(scenes: readonly Scene[], pathOf: (list: string) => string, lineOf = ({ id }: Scene) => id) {
  const list = (subset: Subset) =>
    scenes
      .filter((scene) => scene.subset === subset)
      .map(lineOf)
      .join('\n');
  return { [pathOf('train')]: list('TRAIN'), [pathOf('val')]: list('VAL'), [pathOf('test')]: list('TEST') };
}

function voc(labels: string, label: (scene: Scene) => Promise<Uint8Array>) {
  return async (scene: Scene) => ({
    [`JPEGImages/${scene.id}.jpg`]: await encoded.jpeg(scene),
    [`${labels}/${scene.id}.png`]: await label(scene),
  });
}

const vocList = (name: string) => `ImageSets/Segmentation/${name}.txt`;
const USUAL = { TRAIN: 'train', VAL: 'val', TEST: 'test' };
const number = (index: number) => String(index + 1).padStart(5, '0');

export const SAMPLE_LAYOUTS: readonly SampleLayout[] = [
  {
    ...{ title: 'CVAT "Segmentation mask 1.1"', kind: 'voc', classes: THREE, allLabelled: true },
    files: voc('SegmentationClass', (scene) => encoded.colours(scene, THREE)),
    lists: (scenes) => ({
      'labelmap.txt': `# label:color_rgb:parts:actions\n${THREE.map(({ name, color }) => `${name}:${color}::`).join('\n')}\n`,
      ...listsIn(scenes, vocList),
    }),
  },
  {
    ...{ title: "Labelme's VOC export", kind: 'voc', classes: THREE },
    files: voc('SegmentationClassPNG', plainLabel),
    lists: (scenes) => ({
      'class_names.txt': THREE.map(({ name }) => name).join('\n'),
      ...listsIn(scenes, vocList),
    }),
  },
  {
    ...{ title: 'Roboflow png-mask-semantic', kind: 'roboflow', classes: THREE, allLabelled: true },
    async files(scene) {
      const folder = { TRAIN: 'train', VAL: 'valid', TEST: 'test' }[scene.subset];
      return {
        [`${folder}/${scene.id}.jpg`]: await encoded.jpeg(scene),
        [`${folder}/${scene.id}_mask.png`]: await plainLabel(scene),
      };
    },
    lists() {
      const table = `Pixel Value, Class\n${THREE.map(({ name }, index) => `${index}, ${name}`).join('\n')}\n`;
      return { 'train/_classes.csv': table, 'valid/_classes.csv': table, 'test/_classes.csv': table };
    },
  },
  {
    ...{ title: 'MMSegmentation', kind: 'mmsegmentation', classes: THREE },
    files: trees('img_dir', 'ann_dir', USUAL),
    lists: () => CLASSES_JSON,
  },
  {
    ...{ title: 'ADE20K with objectInfo150.txt', kind: 'ade' },
    classes: [
      { name: 'wall', color: [128, 0, 0] },
      { name: 'building', color: [0, 128, 0] },
      { name: 'sky', color: [128, 128, 0] },
    ],
    files: trees('images', 'annotations', { TRAIN: 'training', VAL: 'validation', TEST: 'testing' }, (scene) =>
      encoded.values(scene, (label) => (label === IGNORED ? 0 : label + 1)),
    ),
    lists: () => ({
      'objectInfo150.txt':
        'Idx\tRatio\tTrain\tVal\tName\n1\t0.1576\t11664\t1172\twall\n2\t0.1072\t6046\t612\tbuilding, edifice\n' +
        '3\t0.0878\t8265\t796\tsky\n',
    }),
  },
  {
    ...{ title: 'MFNet', kind: 'mfnet', classes: MFNET_CLASSES, channels: 4 },
    nameOf: (index) => `${number(index)}${index % 2 === 0 ? 'D' : 'N'}${index === 5 ? '_flip' : ''}`,
    files: async (scene) => ({
      [`images/${scene.id}.png`]: await encoded.fourChannels(scene),
      [`labels/${scene.id}.png`]: await plainLabel(scene),
    }),
    lists: (scenes) => listsIn(scenes, (name) => `${name}.txt`),
  },
  {
    ...{ title: 'PST900', kind: 'pst900', channels: 4, nameOf: (index) => `31_bag1a_rect_rgb_frame${number(index)}` },
    classes: [
      { name: 'background', color: [0, 0, 0] },
      { name: 'fire extinguisher', color: [255, 0, 0] },
      { name: 'backpack', color: [0, 255, 0] },
      { name: 'hand drill', color: [0, 0, 255] },
      { name: 'survivor', color: [255, 255, 255] },
    ],
    async files(scene) {
      const folder = USUAL[scene.subset];
      const thermal = await encoded.thermal(scene);
      return {
        [`${folder}/rgb/${scene.id}.png`]: await encoded.png(scene),
        [`${folder}/thermal/${scene.id}.png`]: thermal,
        [`${folder}/thermal_raw/${scene.id}.png`]: thermal,
        [`${folder}/depth/${scene.id}.png`]: thermal,
        [`${folder}/labels/${scene.id}.png`]: await plainLabel(scene),
      };
    },
  },
  {
    ...{ title: "FTNet's SODA", kind: 'ftnet', classes: THREE },
    files: trees('image', 'mask', USUAL),
    lists: () => CLASSES_JSON,
  },
  {
    ...{ title: 'COCO-Stuff', kind: 'coco_stuff', classes: COCO_STUFF_CLASSES, indices: [0, 95, 181] },
    files: trees('images', 'annotations', { TRAIN: 'train2017', VAL: 'val2017', TEST: 'test2017' }, (scene) =>
      encoded.values(scene, (label) => [0, 95, 181][label] ?? label),
    ),
  },
  {
    ...{ title: 'images and masks in folders', kind: 'pairs', classes: THREE },
    files: trees('images', 'masks', USUAL),
    lists: () => CLASSES_JSON,
  },
  {
    ...{ title: 'images and labels with lists', kind: 'pairs', classes: THREE },
    files: async (scene) => ({
      [`images/city/${scene.id}.jpg`]: await encoded.jpeg(scene),
      [`labels/city/${scene.id}.png`]: await plainLabel(scene),
    }),
    lists: (scenes) => ({
      ...CLASSES_JSON,
      ...listsIn(
        scenes,
        (name) => `${name}.txt`,
        ({ id }) => `C:\\data\\images\\city\\${id}.jpg`,
      ),
    }),
  },
  {
    ...{ title: 'images and masks in colour', kind: 'pairs', classes: THREE, allLabelled: true },
    files: trees('images', 'masks', USUAL, (scene) => encoded.colours(scene, THREE)),
    lists: () => CLASSES_JSON,
  },
];
