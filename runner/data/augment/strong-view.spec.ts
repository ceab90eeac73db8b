import { expect, it } from 'vitest';
import type { LabelledImage } from '../dataset.js';
import { IMAGENET } from '../images/normalisation.js';
import { emptyBatch, normalisedBlack, wholeImage, writeView } from './augment.js';
import type { Photometric } from './photometric.js';
import { writeStrongView } from './strong-view.js';

const colours: Photometric = { jitter: [{ kind: 'brightness', amount: 0.5 }], grayscale: false, blurSigma: null };

it('keeps the contrast of a single channel that uses little of its 16-bit range', () => {
  const pixels = Uint16Array.of(29_000, 29_010, 29_020, 29_030);
  const image: LabelledImage = { id: 'x', width: 2, height: 2, channels: 1, pixels, labels: new Uint8Array(4) };
  const normalisation = { mean: [29_015 / 65_535], std: [10 / 65_535] };
  const batch = emptyBatch(1, 2, 2, 1);
  writeView(image, wholeImage(image), batch, 0, { ignoreIndex: 255, normalisation });
  const strong = new Float32Array(4);
  writeStrongView(batch, 0, wholeImage(image), { colours, normalisation }, strong);
  // Half the brightness halves the distances and is two deviations darker, because four would be black.
  for (const [i, value] of batch.images.entries()) expect(strong[i]).toBeCloseTo(value / 2 - 2, 3);
});

it('changes the padding too if the whole window is asked for, as in an image that was padded before', () => {
  const pixels = Uint8Array.from({ length: 12 }, (_, i) => 20 * i);
  const image: LabelledImage = { id: 'x', width: 2, height: 2, channels: 3, pixels, labels: new Uint8Array(4) };
  const larger = Uint8Array.from({ length: 27 }, (_, i) => {
    const [y, x] = [Math.floor(i / 9), Math.floor((i % 9) / 3)];
    return y < 2 && x < 2 ? pixels[(y * 2 + x) * 3 + (i % 3)]! : 0;
  });
  const padded: LabelledImage = { ...image, width: 3, height: 3, pixels: larger, labels: new Uint8Array(9) };
  const flat: Photometric = { jitter: [{ kind: 'contrast', amount: 0.5 }], grayscale: false, blurSigma: 1 };
  const strongOf = (of: LabelledImage, whole: boolean) => {
    const batch = emptyBatch(1, 3, 3, 3, normalisedBlack(IMAGENET));
    const strong = batch.images.slice();
    writeView(of, wholeImage(of), batch, 0, { ignoreIndex: 255, normalisation: IMAGENET });
    writeStrongView(batch, 0, wholeImage(of), { colours: flat, normalisation: IMAGENET, whole }, strong);
    return strong;
  };
  const [whole, expected] = [strongOf(image, true), strongOf(padded, false)];
  for (const [i, value] of expected.entries()) expect(whole[i]).toBeCloseTo(value, 4);
  expect(strongOf(image, false)[26]).toBeCloseTo(normalisedBlack(IMAGENET)[2]!, 6);
  expect(whole[26]).not.toBeCloseTo(normalisedBlack(IMAGENET)[2]!, 2);
});
