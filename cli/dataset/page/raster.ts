/** A picture in memory: red, green, blue. */
export interface Raster {
  width: number;
  height: number;
  rgb: Uint8Array;
}

interface Labels {
  width: number;
  height: number;
  labels: Uint8Array;
}

/** How much of its light a pixel outside the class keeps. */
const FADED = 0.38;
/** How much of the class's colour covers the image. */
const TINT = 0.25;
/** A darker colour cannot be seen on a faded picture. */
const DARKEST = 60;
const WHITE = [255, 255, 255] as const;
const FRAME = [255, 214, 10] as const;
/** Pixels between a place and its frame. */
const MARGIN = 4;

/** Colours and outlines the pixels of a class, and fades the others. A thin object stays visible however small the picture is. */
export function highlight(picture: Raster, labels: Labels, index: number, colour: readonly number[]): void {
  const { rgb, width, height } = picture;
  const shown = Math.max(...colour) < DARKEST ? WHITE : colour;
  const has = coverage(labels, width, height, index);
  const inside = (x: number, y: number) => x < 0 || y < 0 || x >= width || y >= height || has[y * width + x] === 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 3 * (y * width + x);
      const gray = 0.299 * rgb[at]! + 0.587 * rgb[at + 1]! + 0.114 * rgb[at + 2]!;
      const isIn = inside(x, y);
      const isEdge = isIn && !(inside(x - 1, y) && inside(x + 1, y) && inside(x, y - 1) && inside(x, y + 1));
      for (const c of [0, 1, 2]) {
        if (isEdge) rgb[at + c] = shown[c]!;
        else if (isIn) rgb[at + c] = Math.round((1 - TINT) * rgb[at + c]! + TINT * shown[c]!);
        else rgb[at + c] = Math.round(FADED * gray);
      }
    }
  }
}

/** Whether any pixel that a pixel of the picture covers has the class, or the one at its centre, if the picture is larger. */
function coverage({ labels, width, height }: Labels, across: number, down: number, index: number): Uint8Array {
  const has = new Uint8Array(across * down);
  for (let y = 0; y < down; y++) {
    const row = centre(y, down, height) * width;
    for (let x = 0; x < across; x++) if (labels[row + centre(x, across, width)] === index) has[y * across + x] = 1;
  }
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * down) / height) * across;
    for (let x = 0; x < width; x++) {
      if (labels[y * width + x] === index) has[row + Math.floor((x * across) / width)] = 1;
    }
  }
  return has;
}

/** The position, on an axis of `from`, of the centre of a pixel on an axis of `to`. */
const centre = (at: number, to: number, from: number): number => Math.floor(((at + 0.5) * from) / to);

/**
 * A picture of a label, `side` long, made of the pixels at the centres.
 *
 * @param colourAt the colour at a position in the label
 */
export function sampled(
  { width, height }: { width: number; height: number },
  side: number,
  colourAt: (at: number) => ArrayLike<number>,
): Raster {
  const scale = side / Math.max(width, height);
  const [across, down] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const rgb = new Uint8Array(across * down * 3);
  for (let y = 0; y < down; y++) {
    const row = centre(y, down, height) * width;
    for (let x = 0; x < across; x++) rgb.set(colourAt(row + centre(x, across, width)), 3 * (y * across + x));
  }
  return { width: across, height: down, rgb };
}

/** Draws a frame around a place of the original image. @param scale the picture's size divided by the image's */
export function drawBox(
  { rgb, width, height }: Raster,
  scale: number,
  place: { left: number; top: number; right: number; bottom: number },
): void {
  const left = Math.max(0, Math.floor(place.left * scale) - MARGIN);
  const top = Math.max(0, Math.floor(place.top * scale) - MARGIN);
  const right = Math.min(width - 1, Math.ceil(place.right * scale) + MARGIN);
  const bottom = Math.min(height - 1, Math.ceil(place.bottom * scale) + MARGIN);
  for (let x = left; x <= right; x++) for (const y of [top, bottom]) rgb.set(FRAME, 3 * (y * width + x));
  for (let y = top; y <= bottom; y++) for (const x of [left, right]) rgb.set(FRAME, 3 * (y * width + x));
}
