import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openShapes } from './shapes-dataset.js';

const shapes = openShapes('shapes');

describe('the shapes dataset', () => {
  it('has seven classes and three subsets', () => {
    expect(shapes.descriptor).toMatchObject({ name: 'shapes', kind: 'shapes', ignoreIndex: 255 });
    expect(shapes.descriptor.classes.map(({ name }) => name).join()).toBe(
      'background,disc,square,triangle,ring,cross,star',
    );
    expect(shapes.descriptor.subsets).toEqual({ TRAIN: 512, VAL: 64, TEST: 128 });
  });

  it('is the same on every machine', async () => {
    const hash = createHash('sha256');
    for (const id of [...shapes.ids('TRAIN').slice(0, 20), ...shapes.ids('TEST').slice(0, 10)]) {
      const { pixels, labels } = await shapes.load(id.startsWith('train') ? 'TRAIN' : 'TEST', id);
      hash.update(pixels).update(labels);
    }
    expect(hash.digest('hex')).toMatchInlineSnapshot(
      `"1af01ab88381a545a00a9b139af06a1df0b31d91b66118551f9a5f1ca7636148"`,
    );
    expect(shapes.descriptor.fingerprint).toMatchInlineSnapshot(
      `"541de2c4cf7a37491aa881784f71cd290517488821712b19e205a96348a1677d"`,
    );
  });

  it('shows every class in every subset but in no more than 70 % of its images, and mostly background', async () => {
    for (const subset of ['TRAIN', 'VAL', 'TEST'] as const) {
      const pixels = new Array<number>(7).fill(0);
      const images = new Array<number>(7).fill(0);
      for (const id of shapes.ids(subset)) {
        const { labels } = await shapes.load(subset, id);
        for (const label of labels) pixels[label]!++;
        for (const label of new Set(labels)) images[label]!++;
      }
      const count = shapes.ids(subset).length;
      const total = count * 64 * 64;
      expect(pixels[0]! / total).toBeGreaterThan(0.5);
      for (let index = 1; index < 7; index++) {
        expect(pixels[index]! / total).toBeGreaterThan(0.02);
        expect(images[index]! / count).toBeGreaterThan(0.25);
        expect(images[index]! / count).toBeLessThan(0.7);
      }
    }
  });

  it('does not give the class away by colour: one colour has many classes', async () => {
    const seen = new Map<number, Set<number>>();
    for (const id of shapes.ids('TRAIN').slice(0, 100)) {
      const { pixels, labels } = await shapes.load('TRAIN', id);
      for (const [i, label] of labels.entries()) {
        const color = (pixels[i * 3]! >> 5) * 64 + (pixels[i * 3 + 1]! >> 5) * 8 + (pixels[i * 3 + 2]! >> 5);
        seen.set(color, (seen.get(color) ?? new Set()).add(label));
      }
    }
    const classesOfColor = [...seen.values()].map((classes) => classes.size).sort((a, b) => a - b);
    expect(classesOfColor[Math.floor(classesOfColor.length / 2)]).toBeGreaterThanOrEqual(3);
  });

  it('draws a scene once and keeps it', async () => {
    expect(await shapes.load('VAL', 'val-0001')).toBe(await shapes.load('VAL', 'val-0001'));
    await expect(shapes.load('VAL', 'train-0001')).rejects.toThrow('no VAL image "train-0001"');
  });
});
