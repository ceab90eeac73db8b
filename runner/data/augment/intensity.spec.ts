import { describe, expect, it } from 'vitest';
import { randomStream } from '../../random/random.js';
import fixture from './fixtures/intensity.json' with { type: 'json' };
import { applyIntensity, drawIntensity, type IntensityChange } from './intensity.js';
import { applyPhotometric } from './photometric.js';
import type { Raster } from './raster.js';

const { width, height } = fixture;

function raster(channels = 3): Raster {
  const values = new Float32Array(width * height * channels);
  for (let i = 0; i < values.length; i++) {
    values[i] = fixture.image[Math.floor(i / channels) * 3 + ((i % channels) % 3)]!;
  }
  return { values, width, height, channels };
}

function changed(changes: IntensityChange[], channels = 3): Float32Array {
  const image = raster(channels);
  applyIntensity(image, changes);
  return image.values;
}

const channel = (values: Float32Array, channels: number, c: number) => values.filter((_, i) => i % channels === c);

const EXACT = ['identity', 'equalise', 'posterise', 'solarise'];

describe('applyIntensity', () => {
  // Where values are blended, Pillow truncates them to whole numbers, and the gray that it blends with too.
  it.each(fixture.cases)('$kind by $amount does what Pillow does', ({ kind, amount, values }) => {
    const found = changed([{ kind, amount } as IntensityChange]);
    const off = Math.max(...values.map((value, i) => Math.abs(value - found[i]!)));
    expect(found).toHaveLength(values.length);
    expect(off).toBeLessThanOrEqual(EXACT.includes(kind) ? 0 : 1.5);
    if (kind !== 'identity') expect(values).not.toEqual(fixture.image);
  });

  it('blurs and turns hues as the other strong views do', () => {
    const turned = raster();
    applyPhotometric(turned, { jitter: [{ kind: 'hue', amount: 0.3 }], grayscale: false, blurSigma: 1.5 });
    const changes: IntensityChange[] = [
      { kind: 'hue', amount: 0.3 },
      { kind: 'blur', amount: 1.5 },
    ];
    expect(changed(changes)).toEqual(turned.values);
    expect(changed(changes.toReversed())).not.toEqual(turned.values);
  });

  it('changes nothing but blur of a channel that is not red, green or blue, and neither hue nor saturation of one channel', () => {
    for (const { kind, amount } of fixture.cases) {
      const changes = [{ kind, amount } as IntensityChange];
      const four = changed(changes, 4);
      expect(channel(four, 4, 3), kind).toEqual(channel(raster().values, 3, 0));
      expect(channel(four, 4, 1), kind).toEqual(channel(changed(changes), 3, 1));
      const single = changed(changes, 1);
      if (kind === 'saturation' || kind === 'identity') expect(single, kind).toEqual(raster(1).values);
      else expect(single, kind).not.toEqual(raster(1).values);
    }
    expect(changed([{ kind: 'hue', amount: 0.3 }], 1)).toEqual(raster(1).values);
  });

  it('leaves an image of one colour as it is where its histogram decides', () => {
    const flat: Raster = { values: new Float32Array(3 * width * height).fill(90.4), width, height, channels: 3 };
    applyIntensity(flat, [
      { kind: 'autocontrast', amount: null },
      { kind: 'equalise', amount: null },
    ]);
    expect(new Set(flat.values)).toEqual(new Set([90]));
  });

  it('takes values beyond black and white, as an image of one channel can have, as these', () => {
    const beyond: Raster = { values: Float32Array.of(-20, 100, 300), width: 3, height: 1, channels: 1 };
    applyIntensity(beyond, [{ kind: 'solarise', amount: 90 }]);
    expect([...beyond.values]).toEqual([0, 155, 0]);
  });
});

describe('drawIntensity', () => {
  const many = Array.from({ length: 6000 }, (_, i) => drawIntensity(randomStream(1, 'test', i), 3));
  const all = many.flat();
  const of = (kind: string) => all.flatMap((change) => (change.kind === kind ? [change.amount!] : []));

  it('draws 1 to 3 operations, all with the same chance', () => {
    for (const count of [1, 2, 3]) {
      expect(many.filter(({ length }) => length === count).length / many.length).toBeCloseTo(1 / 3, 1);
    }
    const kinds = [...new Set(all.map(({ kind }) => kind))];
    expect(kinds).toHaveLength(11);
    for (const kind of kinds)
      expect(all.filter((each) => each.kind === kind).length / all.length).toBeCloseTo(1 / 11, 1);
    expect(new Set(many.map((changes) => changes.map(({ kind }) => kind).join())).size).toBeGreaterThan(500);
  });

  it.each([
    ['blur', 0.1, 2],
    ['contrast', 0.05, 0.95],
    ['brightness', 0.05, 0.95],
    ['saturation', 0.05, 0.95],
    ['sharpness', 0.05, 0.95],
    ['hue', -0.5, 0.5],
  ])('draws %s continuously from %d to %d', (kind, low, high) => {
    const [least, most] = [Math.min(...of(kind)), Math.max(...of(kind))];
    expect(least).toBeGreaterThanOrEqual(low);
    expect(most).toBeLessThanOrEqual(high);
    expect(least).toBeCloseTo(low, 1);
    expect(most).toBeCloseTo(high, 1);
    expect(new Set(of(kind)).size).toBe(of(kind).length);
    const mean = of(kind).reduce((sum, amount) => sum + amount, 0) / of(kind).length;
    expect(Math.abs(mean - (low + high) / 2)).toBeLessThan(0.05 * (high - low));
  });

  it('draws 4 to 7 bits, and thresholds from 1 to 255', () => {
    expect([...new Set(of('posterise'))].sort()).toEqual([4, 5, 6, 7]);
    for (const bits of [4, 5, 6, 7]) {
      expect(of('posterise').filter((each) => each === bits).length / of('posterise').length).toBeCloseTo(0.25, 1);
    }
    const thresholds = of('solarise');
    expect(thresholds.every((each) => Number.isInteger(each) && each >= 1 && each <= 255)).toBe(true);
    expect([Math.min(...thresholds), Math.max(...thresholds)]).toEqual([1, 255]);
  });

  it('is a function of the stream, and draws as many random numbers whatever they are', () => {
    expect(drawIntensity(randomStream(3, 'a'), 3)).toEqual(drawIntensity(randomStream(3, 'a'), 3));
    const next = (i: number) => {
      const random = randomStream(4, i);
      drawIntensity(random, 3);
      return random.uniform();
    };
    const afterTen = (i: number) => {
      const random = randomStream(4, i);
      for (let n = 0; n < 1 + 3 * 3; n++) random.uniform();
      return random.uniform();
    };
    for (let i = 0; i < 20; i++) expect(next(i)).toBe(afterTen(i));
  });
});
