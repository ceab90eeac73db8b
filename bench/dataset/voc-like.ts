import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { VOC_CLASSES, VOC_IGNORE_INDEX } from '../../runner/data/formats/voc/classes.js';
import { encodePalettePng } from '../../runner/data/images/png.js';
import { type Random, randomStream } from '../../runner/random/random.js';

const WIDTH = 500;
const HEIGHT = 375;
/** The images are parts of these larger ones, because drawing takes longer than encoding. */
const SCENES = 24;
const SCENE_WIDTH = 1200;
const SCENE_HEIGHT = 900;
/** Of PASCAL VOC with the augmented labels: one in eight images is for validation. */
const VAL_EVERY = 8;
const AT_A_TIME = 4;

/** Writes images and labels of VOC's size in VOC's layout. The files have about the size of VOC's. */
export async function writeVocLike(root: string, images: number): Promise<void> {
  const folder = (...path: string[]) => join(root, 'VOC2012', ...path);
  for (const each of ['JPEGImages', 'SegmentationClass', 'ImageSets/Segmentation'])
    await mkdir(folder(each), { recursive: true });
  const scenes = await Promise.all(
    Array.from({ length: SCENES }, (_, index) => scene(randomStream(1, 'scene', index))),
  );
  const ids = Array.from({ length: images }, (_, index) => `2008_${String(index).padStart(6, '0')}`);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < images) {
      const index = next++;
      const random = randomStream(1, 'image', index);
      await writeFile(folder('JPEGImages', `${ids[index]}.jpg`), await photo(scenes[index % SCENES]!, random));
      await writeFile(folder('SegmentationClass', `${ids[index]}.png`), await label(random));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  const list = (isVal: boolean) => `${ids.filter((_, index) => (index % VAL_EVERY === 0) === isVal).join('\n')}\n`;
  await writeFile(folder('ImageSets/Segmentation/train.txt'), list(false));
  await writeFile(folder('ImageSets/Segmentation/val.txt'), list(true));
}

/** Smooth colours with fine texture, which compress like a photograph. RGB, SCENE_HEIGHT x SCENE_WIDTH. */
async function scene(random: Random): Promise<Buffer> {
  const small = Uint8Array.from({ length: 12 * 9 * 3 }, () => random.int(256));
  const smooth = await sharp(small, { raw: { width: 12, height: 9, channels: 3 } })
    .resize(SCENE_WIDTH, SCENE_HEIGHT, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
  for (let at = 0; at < smooth.length; at += 3) {
    const texture = random.int(56) - 28;
    for (let c = 0; c < 3; c++) smooth[at + c] = Math.max(0, Math.min(255, smooth[at + c]! + texture));
  }
  return smooth;
}

/** A part of a scene, perhaps mirrored, as a JPEG. */
function photo(pixels: Buffer, random: Random): Promise<Buffer> {
  const part = sharp(pixels, { raw: { width: SCENE_WIDTH, height: SCENE_HEIGHT, channels: 3 } }).extract({
    left: random.int(SCENE_WIDTH - WIDTH),
    top: random.int(SCENE_HEIGHT - HEIGHT),
    width: WIDTH,
    height: HEIGHT,
  });
  return (random.int(2) === 0 ? part.flop() : part).jpeg({ quality: 92 }).toBuffer();
}

/** Two to seven ellipses of different classes with an ignored contour on background. */
function label(random: Random): Promise<Uint8Array> {
  const labels = new Uint8Array(WIDTH * HEIGHT);
  for (let object = 2 + random.int(6); object > 0; object--) {
    const value = 1 + random.int(VOC_CLASSES.length - 1);
    const [x, y] = [random.int(WIDTH), random.int(HEIGHT)];
    const [across, down] = [12 + random.int(140), 12 + random.int(110)];
    draw(labels, { x, y, across: across + 3, down: down + 3 }, VOC_IGNORE_INDEX);
    draw(labels, { x, y, across, down }, value);
  }
  return encodePalettePng(labels, WIDTH, HEIGHT, VOC_CLASSES, VOC_IGNORE_INDEX);
}

interface Ellipse {
  x: number;
  y: number;
  /** Half axes. */
  across: number;
  down: number;
}

function draw(labels: Uint8Array, { x, y, across, down }: Ellipse, value: number): void {
  for (let row = Math.max(0, y - down); row <= Math.min(HEIGHT - 1, y + down); row++) {
    const reach = Math.floor(across * Math.sqrt(1 - ((row - y) / down) ** 2));
    const [left, right] = [Math.max(0, x - reach), Math.min(WIDTH - 1, x + reach)];
    labels.fill(value, row * WIDTH + left, row * WIDTH + right + 1);
  }
}
