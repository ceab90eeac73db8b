import { t } from '../messages/t.js';

/** The pixels of a decoded PNG, RGBA. */
interface Pixels {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/**
 * An image with `color` (#rrggbb) wherever two label maps differ, and transparent elsewhere. Both use the dataset's
 * colours, so equal pixels mean equal classes.
 * @throws when an image cannot be loaded or their sizes differ
 */
export async function drawErrors(truthUrl: string, predictionUrl: string, color: string): Promise<ImageData> {
  const [truth, prediction] = await Promise.all([pixelsOf(truthUrl), pixelsOf(predictionUrl)]);
  const drawn = new ImageData(truth.width, truth.height);
  paintErrors(truth, prediction, color, drawn.data);
  return drawn;
}

/**
 * Writes `color` (opaque) into `target` (RGBA) wherever the prediction differs from the ground truth. Transparent
 * pixels of the ground truth have the ignore label and are never errors. Returns the number of errors.
 */
export function paintErrors(truth: Pixels, prediction: Pixels, color: string, target: Uint8ClampedArray): number {
  if (truth.width !== prediction.width || truth.height !== prediction.height) {
    const sizeOf = ({ width, height }: Pixels) => `${width} x ${height}`;
    throw new Error(t('samples.sizesDiffer', { truth: sizeOf(truth), prediction: sizeOf(prediction) }));
  }
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  let errors = 0;
  for (let at = 0; at < truth.data.length; at += 4) {
    if (truth.data[at + 3] === 0) continue;
    const same = [0, 1, 2].every((channel) => truth.data[at + channel] === prediction.data[at + channel]);
    if (same) continue;
    target.set([red!, green!, blue!, 255], at);
    errors++;
  }
  return errors;
}

async function pixelsOf(url: string): Promise<Pixels> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
