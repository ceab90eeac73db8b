import { describe, expect, it } from 'vitest';
import { randomStream } from '../../random/random.js';
import type { LabelledImage } from '../dataset.js';
import { IMAGENET } from '../images/normalisation.js';
import { drawView, emptyBatch, type View, writeView } from './augment.js';
import fixture from './fixtures/pillow.json' with { type: 'json' };

const { width, height } = fixture;
const image: LabelledImage = {
  ...{ id: 'pillow', width, height, channels: 3 },
  pixels: Uint8Array.from(fixture.pixels),
  labels: Uint8Array.from(fixture.labels),
};

function render(view: View, rows: number, columns: number, from = image) {
  const batch = emptyBatch(1, rows, columns, from.channels);
  const { mean, std } = IMAGENET;
  const count = from.channels;
  writeView(from, view, batch, 0, {
    ignoreIndex: 255,
    normalisation: { mean: mean.slice(0, count), std: std.slice(0, count) },
  });
  const values = [...batch.images].map((value, i) => (value * std[i % count]! + mean[i % count]!) * 255);
  return { values, labels: [...batch.labels] };
}

/** A view of the whole image, whose longer side has this length. */
function scaledTo(longer: number): View {
  const scales = { from: longer / width, to: longer / width };
  const crop: [number, number] = [32, 32];
  const config = { crop, scales, flip: 0, resize: 'pillow', padding: 'black' } as const;
  return { ...drawView(randomStream(1), image, config), left: 0, top: 0 };
}

describe('with resize: pillow', () => {
  it.each(fixture.scaled)('an image has the pixels and labels of Pillow at $size', ({ size, ...expected }) => {
    const [columns, rows] = size as [number, number];
    const view = scaledTo(columns);
    expect([view.scaledWidth, view.scaledHeight]).toEqual(size);
    const { values, labels } = render(view, rows, columns);
    expect(labels).toEqual(expected.labels);
    for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected.pixels[i]!, 3);
  });

  it.each([14, 45])('a window of it has the same pixels, mirrored or not, at a width of %i', (columns) => {
    const [left, top] = [3, 2];
    const { scaledHeight: rows, ...view } = scaledTo(columns);
    const whole = render({ ...view, scaledHeight: rows }, rows, columns).values;
    for (const flip of [false, true]) {
      const part = render({ ...view, scaledHeight: rows, left, top, flip }, rows - top, 8).values;
      const expected = Array.from({ length: (rows - top) * 8 * 3 }, (_, i) => {
        const [x, y, c] = [Math.floor(i / 3) % 8, Math.floor(i / 24), i % 3];
        return whole[((y + top) * columns + left + (flip ? 7 - x : x)) * 3 + c]!;
      });
      expect(part).toEqual(expected);
    }
  });

  it('leaves the padding around an image that is smaller than its window', () => {
    const view = { ...scaledTo(14), left: -2, top: -1 };
    const { values, labels } = render(view, 9, 18);
    const alone = render({ ...view, left: 0, top: 0 }, 6, 14).values;
    expect(labels.slice(0, 18)).toEqual(Array(18).fill(255));
    expect(values.slice((18 + 2) * 3, (18 + 16) * 3)).toEqual(alone.slice(0, 14 * 3));
    const nothing = render({ ...view, left: 20 }, 9, 4).labels;
    expect(nothing).toEqual(Array(36).fill(255));
  });

  it('keeps the steps of a 16-bit channel', () => {
    const pixels = Uint16Array.from({ length: 8 }, (_, i) => 1000 * i + 1);
    const deep: LabelledImage = { id: 'deep', width: 8, height: 1, channels: 1, pixels, labels: new Uint8Array(8) };
    const { values } = render({ ...scaledTo(14), scaledWidth: 4, scaledHeight: 1 }, 1, 4, deep);
    // Weights 1, 3, 3, 1 of 8, and at the borders without what is outside.
    const means = [(3 * 1 + 3 * 1001 + 2001) / 7, 2501, 4501, (5001 + 3 * 6001 + 3 * 7001) / 7].map(Math.round);
    for (const [i, value] of values.entries()) expect((value / 255) * 65_535).toBeCloseTo(means[i]!, 1);
  });
});
