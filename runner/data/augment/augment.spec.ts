import { describe, expect, it } from 'vitest';
import { randomStream } from '../../random/random.js';
import type { LabelledImage } from '../dataset.js';
import { IMAGENET } from '../images/normalisation.js';
import {
  drawView,
  emptyBatch,
  type ImageCoding,
  normalisedBlack,
  type View,
  wholeImage,
  writeView,
} from './augment.js';
import resized from './fixtures/resize.json' with { type: 'json' };

const WIDTH = 8;
const HEIGHT = 6;
const IGNORE = 200;
const CODING: ImageCoding = { ignoreIndex: IGNORE, normalisation: IMAGENET };

const image: LabelledImage = {
  id: 'test',
  width: WIDTH,
  height: HEIGHT,
  channels: 3,
  pixels: Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (i * 71) % 256),
  labels: Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i === 5 ? IGNORE : i % 3)),
};

function render(view: View, height = HEIGHT, width = WIDTH, from = image, coding = CODING) {
  const batch = emptyBatch(1, height, width, from.channels);
  writeView(from, view, batch, 0, coding);
  return batch;
}

/** The values from 0 to 255 of a normalised image. */
function denormalise(images: Float32Array): number[] {
  return [...images].map((value, i) => (value * IMAGENET.std[i % 3]! + IMAGENET.mean[i % 3]!) * 255);
}

describe('writeView', () => {
  it('returns the image itself, normalised, and its labels with ignored pixels as 255', () => {
    const { images, labels } = render(wholeImage(image));
    for (const [i, value] of denormalise(images).entries()) expect(value).toBeCloseTo(image.pixels[i]!, 3);
    expect([...labels]).toEqual([...image.labels].map((value) => (value === IGNORE ? 255 : value)));
  });

  it('mirrors exactly: the columns are reversed, and mirroring twice restores the image', () => {
    const once = render({ ...wholeImage(image), flip: true });
    const plain = render(wholeImage(image));
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++) {
        const mirrored = y * WIDTH + WIDTH - 1 - x;
        expect(once.labels[y * WIDTH + x]).toBe(plain.labels[mirrored]);
        expect(once.images[(y * WIDTH + x) * 3 + 1]).toBe(plain.images[mirrored * 3 + 1]);
      }
    }
    const mirrored = { ...image, labels: once.labels, pixels: Uint8Array.from(denormalise(once.images), Math.round) };
    const twice = render({ ...wholeImage(image), flip: true }, HEIGHT, WIDTH, mirrored);
    expect(twice.labels).toEqual(plain.labels);
    expect(twice.images).toEqual(plain.images);
  });

  it('crops without changing the values', () => {
    const { images, labels } = render({ ...wholeImage(image), left: 3, top: 2 }, 2, 4);
    const whole = render(wholeImage(image));
    expect([...labels]).toEqual([...whole.labels.slice(19, 23), ...whole.labels.slice(27, 31)]);
    expect([...images.slice(0, 12)]).toEqual([...whole.images.slice(19 * 3, 23 * 3)]);
  });

  it('pads with 0 and ignored labels on all sides', () => {
    const { images, labels } = render({ ...wholeImage(image), left: -1, top: -2 }, HEIGHT + 4, WIDTH + 2);
    const whole = render(wholeImage(image));
    const stride = WIDTH + 2;
    for (let y = 0; y < HEIGHT + 4; y++) {
      for (let x = 0; x < stride; x++) {
        const inside = y >= 2 && y < HEIGHT + 2 && x >= 1 && x <= WIDTH;
        const source = (y - 2) * WIDTH + x - 1;
        expect(labels[y * stride + x]).toBe(inside ? whole.labels[source] : 255);
        expect(images[(y * stride + x) * 3]).toBe(inside ? whole.images[source * 3] : 0);
      }
    }
  });

  it('enlarges bilinearly between half-pixel centres, and labels by the nearest pixel', () => {
    const row: LabelledImage = {
      id: 'row',
      width: 2,
      height: 1,
      channels: 3,
      pixels: Uint8Array.of(0, 0, 0, 100, 100, 100),
      labels: Uint8Array.of(1, 2),
    };
    const view = { scaledWidth: 4, scaledHeight: 2, left: 0, top: 0, flip: false, resize: 'centred' as const };
    const { images, labels } = render(view, 2, 4, row);
    const reds = denormalise(images).filter((_, i) => i % 3 === 0);
    for (const [i, expected] of [0, 25, 75, 100, 0, 25, 75, 100].entries()) expect(reds[i]).toBeCloseTo(expected, 3);
    expect([...labels]).toEqual([1, 1, 2, 2, 1, 1, 2, 2]);
  });

  it.each([
    [1, Uint8Array.of(0, 51, 255, 102)],
    [1, Uint16Array.of(0, 13_107, 65_535, 26_214)],
    [4, Uint16Array.from({ length: 16 }, (_, i) => i * 4369)],
  ] as const)(
    'normalises each of %i channels by its mean and deviation, and values of %o by their full scale',
    (channels, pixels) => {
      const labels = Uint8Array.of(0, 1, 0, 1);
      const small: LabelledImage = { id: 'small', width: 2, height: 2, channels, pixels, labels };
      const mean = [0.1, 0.2, 0.3, 0.4].slice(0, channels);
      const std = [0.5, 0.25, 0.2, 0.1].slice(0, channels);
      const { images } = render(wholeImage(small), 2, 2, small, { ignoreIndex: 255, normalisation: { mean, std } });
      const full = pixels instanceof Uint16Array ? 65_535 : 255;
      expect(images).toHaveLength(pixels.length);
      for (const [i, value] of images.entries()) {
        const c = i % channels;
        expect(value).toBeCloseTo((pixels[i]! / full - mean[c]!) / std[c]!, 5);
      }
    },
  );

  describe('with resize: opencv', () => {
    const { height, width } = resized;
    const [pixels, labels] = [Uint8Array.from(resized.pixels), Uint8Array.from(resized.labels)];
    const from: LabelledImage = { id: 'resized', width, height, channels: 3, pixels, labels };

    it.each(resized.scaled)(
      'scales by $scale as PyTorch does, mirrored before: $flip',
      ({ scale, flip, ...expected }) => {
        const config = {
          crop: [32, 32] as [number, number],
          scales: [scale],
          flip: Number(flip),
          resize: 'opencv' as const,
          padding: 'mean' as const,
        };
        const view = drawView(randomStream(1), from, config);
        expect([view.scaledHeight, view.scaledWidth]).toEqual(expected.size);
        const [rows, columns] = expected.size as [number, number];
        const batch = render({ ...view, left: 0, top: 0 }, rows, columns, from, { ...CODING, ignoreIndex: 255 });
        expect([...batch.labels]).toEqual(expected.labels);
        for (const [i, value] of denormalise(batch.images).entries()) expect(value).toBeCloseTo(expected.pixels[i]!, 3);
      },
    );

    it('moves labels at scale 1/2, where `centred` takes them from the centre of a pixel', () => {
      const row = (resize: View['resize'], flip: boolean) =>
        render({ ...wholeImage(from), scaledWidth: 5, scaledHeight: 3, resize, flip }, 1, 5, from).labels;
      const source = (columns: number[]) => columns.map((x) => labels[x]!);
      expect([...row('opencv', false)]).toEqual(source([0, 2, 4, 6, 8]));
      expect([...row('opencv', true)]).toEqual(source([10, 8, 6, 4, 2]));
      const below = (columns: number[]) => columns.map((x) => labels[width + x]!);
      expect([...row('centred', false)]).toEqual(below([1, 3, 5, 7, 9]));
    });
  });

  it('writes only its own slot', () => {
    const batch = emptyBatch(3, HEIGHT, WIDTH, 3);
    writeView(image, wholeImage(image), batch, 1, CODING);
    const size = HEIGHT * WIDTH;
    const alone = render(wholeImage(image));
    expect(batch.labels.slice(size, 2 * size)).toEqual(alone.labels);
    expect(batch.images.slice(size * 3, size * 6)).toEqual(alone.images);
    expect([...batch.labels.slice(0, size), ...batch.labels.slice(2 * size)].every((value) => value === 255)).toBe(
      true,
    );
    expect([...batch.images.slice(0, size * 3), ...batch.images.slice(size * 6)].every((value) => value === 0)).toBe(
      true,
    );
  });
});

describe('drawView', () => {
  const config = {
    crop: [4, 4] as [number, number],
    scales: [0.5, 1, 2],
    resize: 'centred' as const,
    padding: 'mean' as const,
    flip: 0.5,
  };
  const draw = (index: number, over = {}) => drawView(randomStream(1, 'augment', index), image, { ...config, ...over });
  const views = Array.from({ length: 600 }, (_, index) => draw(index));

  it('draws the same view from a stream with the same name', () => {
    expect(draw(5)).toEqual(draw(5));
  });

  it('uses every scale about equally often, and flips with the configured probability', () => {
    for (const scale of [0.5, 1, 2]) {
      const share = views.filter(({ scaledWidth }) => scaledWidth === WIDTH * scale).length / views.length;
      expect(share).toBeGreaterThan(0.25);
      expect(share).toBeLessThan(0.42);
    }
    const flipped = views.filter(({ flip }) => flip).length / views.length;
    expect(Math.abs(flipped - 0.5)).toBeLessThan(0.08);
    expect(Array.from({ length: 50 }, (_, i) => draw(i, { flip: 0 })).some(({ flip }) => flip)).toBe(false);
    expect(Array.from({ length: 50 }, (_, i) => draw(i, { flip: 1 })).every(({ flip }) => flip)).toBe(true);
  });

  it('keeps the crop inside a larger image, reaching both borders, and centres a smaller one', () => {
    const large = views.filter(({ scaledWidth }) => scaledWidth === 16).map(({ left }) => left);
    expect([Math.min(...large), Math.max(...large)]).toEqual([0, 12]);
    for (const { scaledHeight, top } of views) {
      if (scaledHeight === 3) expect(top).toBe(0);
      else expect(top).toBeLessThanOrEqual(scaledHeight - 4);
    }
    const overhanging = draw(0, { crop: [16, 16], scales: [1] });
    expect(overhanging).toMatchObject({ left: -4, top: -5 });
  });

  it('draws every length of the longer side within a range equally often, and keeps the aspect ratio', () => {
    const many = Array.from({ length: 3000 }, (_, index) => draw(index, { scales: { from: 0.5, to: 2 } }));
    const counts = new Map<number, number>();
    for (const { scaledWidth, scaledHeight } of many) {
      counts.set(scaledWidth, (counts.get(scaledWidth) ?? 0) + 1);
      expect(scaledHeight).toBe(Math.floor((HEIGHT * scaledWidth) / WIDTH + 0.5));
    }
    // From 4 to 16 pixels, both included.
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 13 }, (_, i) => i + 4));
    for (const count of counts.values()) expect(Math.abs(count / many.length - 1 / 13)).toBeLessThan(0.02);
    const tall = { ...image, width: HEIGHT, height: WIDTH };
    const turned = drawView(randomStream(1, 'augment', 3), tall, { ...config, scales: { from: 1.5, to: 1.5 } });
    expect(turned).toMatchObject({ scaledWidth: 9, scaledHeight: 12 });
  });

  it('pads at the right and bottom with black, at the left of a mirrored image', () => {
    const over = { crop: [8, 10], scales: [1], padding: 'black' };
    const black = normalisedBlack(IMAGENET);
    const whole = render(wholeImage(image));
    for (const flip of [0, 1]) {
      const view = draw(0, { ...over, flip });
      expect(view).toMatchObject({ left: 0, top: 0 });
      const batch = emptyBatch(1, 8, 10, 3, black);
      writeView(image, view, batch, 0, CODING);
      for (let y = 0; y < 8; y++) {
        for (let x = 0; x < 10; x++) {
          const column = flip ? 9 - x : x;
          const inside = y < HEIGHT && column < WIDTH;
          const source = y * WIDTH + column;
          expect(batch.labels[y * 10 + x]).toBe(inside ? whole.labels[source] : 255);
          expect(batch.images[(y * 10 + x) * 3 + 1]).toBeCloseTo(inside ? whole.images[source * 3 + 1]! : black[1]!, 6);
        }
      }
    }
    expect(denormalise(Float32Array.from(black)).every((value) => Math.abs(value) < 1e-4)).toBe(true);
  });
});
