import type { Random } from '../../../random/random.js';

/** The label maps of a batch, count x height x width. Class 0 is the background. */
export interface LabelMap {
  values: ArrayLike<number>;
  count: number;
  height: number;
  width: number;
}

/** The size of the features that a mask is for. */
export type Size = [height: number, width: number];

/** The bounding box of an object, and its number of pixels. */
interface Box {
  top: number;
  left: number;
  bottom: number;
  right: number;
  pixels: number;
}

/** 1 where there is an object, count x height x width of the features, sampled at the nearest pixel. */
export function foregroundMask(labels: LabelMap, size: Size): Float32Array {
  return sampled(labels, size, (image, y, x) => (labelAt(labels, image, y, x) > 0 ? 1 : 0));
}

/**
 * 0 in a random rectangle inside the bounding box of each object, `erase` times as high and as wide as the box; 1 elsewhere.
 * An object is a connected component (8-connectivity) of non-background pixels, of any classes. Objects smaller than one
 * pixel of the features are skipped.
 */
export function cutoutMask(random: Random, labels: LabelMap, erase: number, size: Size): Float32Array {
  const least = (labels.height / size[0]) * (labels.width / size[1]);
  const erased = Array.from({ length: labels.count }, (_, image) =>
    objects(labels, image)
      .filter(({ pixels }) => pixels >= least)
      .map((box) => {
        const height = box.bottom - box.top + 1;
        const width = box.right - box.left + 1;
        const rows = Math.floor(erase * height);
        const columns = Math.floor(erase * width);
        const top = box.top + random.int(height - rows + 1);
        const left = box.left + random.int(width - columns + 1);
        return { top, left, bottom: top + rows, right: left + columns };
      }),
  );
  const within = (image: number, y: number, x: number) =>
    erased[image]!.some(({ top, left, bottom, right }) => y >= top && y < bottom && x >= left && x < right);
  return sampled(labels, size, (image, y, x) => (within(image, y, x) ? 0 : 1));
}

function labelAt({ values, height, width }: LabelMap, image: number, y: number, x: number): number {
  return values[(image * height + y) * width + x]!;
}

/** One value per pixel of the features, computed from the image pixel nearest to it. */
function sampled(
  { count, height, width }: LabelMap,
  [rows, columns]: Size,
  valueAt: (image: number, y: number, x: number) => number,
): Float32Array {
  const mask = new Float32Array(count * rows * columns);
  for (let image = 0, at = 0; image < count; image++) {
    for (let row = 0; row < rows; row++) {
      const y = Math.floor((row * height) / rows);
      for (let column = 0; column < columns; column++) {
        mask[at++] = valueAt(image, y, Math.floor((column * width) / columns));
      }
    }
  }
  return mask;
}

/** The objects of an image, ordered by their first pixels. */
function objects(labels: LabelMap, image: number): Box[] {
  const { height, width } = labels;
  const seen = new Uint8Array(height * width);
  const found: Box[] = [];
  for (let start = 0; start < seen.length; start++) {
    const isNew = (at: number) => !seen[at] && labelAt(labels, image, Math.floor(at / width), at % width) > 0;
    if (!isNew(start)) continue;
    const box: Box = { top: height, left: width, bottom: -1, right: -1, pixels: 0 };
    const open = [start];
    seen[start] = 1;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const y = Math.floor(at / width);
      const x = at % width;
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y);
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.pixels += 1;
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const next = ny * width + nx;
          if (!isNew(next)) continue;
          seen[next] = 1;
          open.push(next);
        }
      }
    }
    found.push(box);
  }
  return found;
}
