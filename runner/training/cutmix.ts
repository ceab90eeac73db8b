import type { Random } from '../random/random.js';

export interface CutmixOptions {
  /** The number of rectangles that are combined by XOR. */
  boxes: number;
  /** Minimum and maximum share of the image that one rectangle covers, before the division by the number of boxes. */
  areaShare: readonly [number, number];
}

/**
 * One CutMix mask, height x width, 1 where the second image is pasted (French et al. 2020, as CPS uses it). Each box has a
 * random area share U(low, high), a height exp(U ln share) and a width share / height, both times sqrt(1 / boxes), and a
 * uniformly random position inside the image. The boxes are combined by XOR.
 */
export function cutmixMask(random: Random, height: number, width: number, options: CutmixOptions): Uint8Array {
  const mask = new Uint8Array(height * width);
  const [low, high] = options.areaShare;
  const shrink = Math.sqrt(1 / options.boxes);
  for (let box = 0; box < options.boxes; box++) {
    const share = low + (high - low) * random.uniform();
    const tall = Math.exp(random.uniform() * Math.log(share));
    const rows = Math.round(tall * shrink * height);
    const columns = Math.round((share / tall) * shrink * width);
    const top = Math.round((height - rows) * random.uniform());
    const left = Math.round((width - columns) * random.uniform());
    for (let y = top; y < top + rows; y++) {
      for (let at = y * width + left; at < y * width + left + columns; at++) mask[at]! ^= 1;
    }
  }
  return mask;
}

/** An object in an image. Right and bottom are exclusive. */
export interface ObjectBox {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * The mask of one box that contains an object, height x width, 1 inside the box. As `cutmixMask` does, a box that covers `share` of
 * the image gets a height exp(U ln share) and a width share / height, but both at least those of the object. Its position is
 * uniformly random among those inside the image.
 */
export function boxAround(
  random: Random,
  object: ObjectBox,
  { height, width, share }: { height: number; width: number; share: number },
): Uint8Array {
  const tall = Math.exp(random.uniform() * Math.log(share));
  const [top, bottom] = rangeAround(random, object.top, object.bottom, Math.round(tall * height), height);
  const [left, right] = rangeAround(random, object.left, object.right, Math.round((share / tall) * width), width);
  const mask = new Uint8Array(height * width);
  for (let y = top; y < bottom; y++) mask.fill(1, y * width + left, y * width + right);
  return mask;
}

/** A range of at least `length` in [0, side) that contains [from, to). */
function rangeAround(random: Random, from: number, to: number, length: number, side: number): [number, number] {
  const size = Math.max(length, to - from);
  const first = Math.max(0, to - size);
  const last = Math.min(from, side - size);
  const start = first + random.int(last - first + 1);
  return [start, start + size];
}

const BOX_AREA = [0.02, 0.4] as const;
const BOX_RATIO = [0.3, 1 / 0.3] as const;

/**
 * The mask of one box as UniMatch pastes it, height x width, 1 inside the box. The box covers a share U(0.02, 0.4) of the
 * image, its aspect ratio (height by width) is U(0.3, 3.33) times that of the image, and its corner is random. It is drawn
 * again until it fits inside the image.
 */
export function cutmixBox(random: Random, height: number, width: number): Uint8Array {
  const mask = new Uint8Array(height * width);
  const share = boxShare(random);
  for (;;) {
    const ratio = BOX_RATIO[0] + (BOX_RATIO[1] - BOX_RATIO[0]) * random.uniform();
    const rows = Math.floor(Math.sqrt(share * ratio) * height);
    const columns = Math.floor(Math.sqrt(share / ratio) * width);
    const left = random.int(width);
    const top = random.int(height);
    if (left + columns > width || top + rows > height) continue;
    for (let y = top; y < top + rows; y++) mask.fill(1, y * width + left, y * width + left + columns);
    return mask;
  }
}

/** The share of the image that UniMatch's box covers. */
export function boxShare(random: Random): number {
  return BOX_AREA[0] + (BOX_AREA[1] - BOX_AREA[0]) * random.uniform();
}

/**
 * The mask of one box as AugSeg pastes it, height x width, 1 inside the box. The box has the aspect ratio of the image and
 * `share` of its area, but is cut off at the border: its centre is random, except in the first eighth of the rows and columns.
 */
export function centredBox(random: Random, height: number, width: number, share: number): Uint8Array {
  const mask = new Uint8Array(height * width);
  const [top, bottom] = rangeAroundCentre(random, height, share);
  const [left, right] = rangeAroundCentre(random, width, share);
  for (let y = top; y < bottom; y++) mask.fill(1, y * width + left, y * width + right);
  return mask;
}

/** The part [from, to) of an axis of length `size` that a box with a share of the area covers. */
function rangeAroundCentre(random: Random, size: number, share: number): [from: number, to: number] {
  const half = Math.floor(Math.floor(size * Math.sqrt(share)) / 2);
  const least = Math.floor(size / 8);
  const centre = least + random.int(size - least);
  return [Math.max(0, centre - half), Math.min(size, centre + half)];
}
