import { expect, it } from 'vitest';
import type { LabelledImage } from '../dataset.js';
import { emptyBatch, wholeImage, writeView } from './augment.js';
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
