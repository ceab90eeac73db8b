import { describe, expect, it } from 'vitest';
import { randomStream } from '../../random/random.js';
import fixture from './fixtures/photometric.json' with { type: 'json' };
import { applyPhotometric, drawPhotometric, type Photometric } from './photometric.js';
import type { Raster } from './raster.js';

const NOTHING: Photometric = { jitter: [], grayscale: false, blurSigma: null };
const { width, height } = fixture;

function raster(channels = 3): Raster {
  const values = new Float32Array(width * height * channels);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let c = 0; c < channels; c++) values[pixel * channels + c] = fixture.image[pixel * 3 + (c % 3)]!;
  }
  return { values, width, height, channels };
}

function changed(change: Partial<Photometric>, channels = 3): Float32Array {
  const image = raster(channels);
  applyPhotometric(image, { ...NOTHING, ...change });
  return image.values;
}

/** The values of one channel. */
const channel = (values: Float32Array, channels: number, c: number) => values.filter((_, i) => i % channels === c);

function expectWithin(values: Float32Array, expected: number[], levels: number) {
  const off = Math.max(...expected.map((value, i) => Math.abs(value - values[i]!)));
  expect(values).toHaveLength(expected.length);
  expect(off).toBeLessThanOrEqual(levels);
}

describe('applyPhotometric', () => {
  // Pillow truncates values to whole numbers, and the gray that it blends with too.
  it.each(fixture.jitter)('changes $kind by $amount as Pillow and colorsys do', ({ kind, amount, values }) => {
    const jitter = [{ kind, amount }] as Photometric['jitter'];
    expectWithin(changed({ jitter }), values, kind === 'hue' ? 0.001 : 1.5);
    expect(values).not.toEqual(fixture.image);
  });

  it('converts to gray like Pillow', () => {
    expectWithin(changed({ grayscale: true }), fixture.grayscale, 1);
  });

  it.each(fixture.blur)('blurs by sigma $sigma', ({ sigma, values }) => {
    expectWithin(changed({ blurSigma: sigma }), values, 0.01);
  });

  it('applies jitters in the drawn order', () => {
    const up = { kind: 'brightness', amount: 1.5 } as const;
    const flat = { kind: 'contrast', amount: 0.5 } as const;
    expect(changed({ jitter: [up, flat] })).not.toEqual(changed({ jitter: [flat, up] }));
  });

  it('only blurs a channel that is not red, green or blue', () => {
    const jitter = fixture.jitter.map(({ kind }) => ({ kind, amount: 0.2 })) as Photometric['jitter'];
    const four = changed({ jitter, grayscale: true }, 4);
    expect(channel(four, 4, 3)).toEqual(channel(raster().values, 3, 0));
    expect(channel(four, 4, 1)).toEqual(channel(changed({ jitter, grayscale: true }), 3, 1));
    const blurred = changed({ blurSigma: 1 }, 4);
    expect(channel(blurred, 4, 3)).toEqual(channel(changed({ blurSigma: 1 }), 3, 0));
  });

  it('changes only brightness and contrast of a single channel', () => {
    const hueless = changed({ jitter: [{ kind: 'hue', amount: 0.2 }], grayscale: true }, 1);
    expect(hueless).toEqual(raster(1).values);
    const darker = changed({ jitter: [{ kind: 'brightness', amount: 0.5 }] }, 1);
    expect(darker).toEqual(raster(1).values.map((value) => value / 2));
    const flat = changed({ jitter: [{ kind: 'contrast', amount: 0 }] }, 1);
    expect(new Set(flat).size).toBe(1);
  });
});

describe('drawPhotometric', () => {
  const many = Array.from({ length: 4000 }, (_, i) => drawPhotometric(randomStream(1, 'test', i)));
  const share = (of: (drawn: Photometric) => boolean) => many.filter(of).length / many.length;

  it('draws with the probabilities and ranges of UniMatch', () => {
    expect(share(({ jitter }) => jitter.length === 4)).toBeCloseTo(0.8, 1);
    expect(share(({ grayscale }) => grayscale)).toBeCloseTo(0.2, 1);
    expect(share(({ blurSigma }) => blurSigma !== null)).toBeCloseTo(0.5, 1);
    const amounts = (kind: string) =>
      many.flatMap(({ jitter }) => jitter.filter((one) => one.kind === kind).map(({ amount }) => amount));
    for (const kind of ['brightness', 'contrast', 'saturation']) {
      expect(Math.min(...amounts(kind))).toBeCloseTo(0.5, 2);
      expect(Math.max(...amounts(kind))).toBeCloseTo(1.5, 2);
    }
    expect(Math.min(...amounts('hue'))).toBeCloseTo(-0.25, 2);
    expect(Math.max(...amounts('hue'))).toBeCloseTo(0.25, 2);
    const sigmas = many.flatMap(({ blurSigma }) => blurSigma ?? []);
    expect(Math.min(...sigmas)).toBeCloseTo(0.1, 1);
    expect(Math.max(...sigmas)).toBeCloseTo(2, 1);
    expect(new Set(many.map(({ jitter }) => jitter.map(({ kind }) => kind).join())).size).toBe(25);
  });

  it('draws with the ranges of CutMix-Seg, which does not blur', () => {
    const mild = Array.from({ length: 4000 }, (_, i) => drawPhotometric(randomStream(2, 'test', i), 'milder'));
    const jitters = mild.flatMap(({ jitter }) => jitter);
    for (const [kind, from, to] of [
      ['brightness', 0.6, 1.4],
      ['contrast', 0.6, 1.4],
      ['saturation', 0.6, 1.4],
      ['hue', -0.1, 0.1],
    ] as const) {
      const amounts = jitters.filter((one) => one.kind === kind).map(({ amount }) => amount);
      expect(Math.min(...amounts), kind).toBeCloseTo(from, 2);
      expect(Math.max(...amounts), kind).toBeCloseTo(to, 2);
    }
    expect(jitters.length / mild.length / 4).toBeCloseTo(0.8, 1);
    expect(mild.filter(({ grayscale }) => grayscale).length / mild.length).toBeCloseTo(0.2, 1);
    expect(mild.every(({ blurSigma }) => blurSigma === null)).toBe(true);
  });

  it('is a function of the stream', () => {
    expect(drawPhotometric(randomStream(3, 'a'))).toEqual(drawPhotometric(randomStream(3, 'a')));
    expect(drawPhotometric(randomStream(3, 'a'))).not.toEqual(drawPhotometric(randomStream(3, 'b')));
  });
});
