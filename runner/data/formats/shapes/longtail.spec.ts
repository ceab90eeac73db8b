import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Subset } from '../../../tracking/tracker.js';
import { drawSplit } from '../../splits/splits.js';
import { openShapes } from './shapes-dataset.js';

const longtail = openShapes('shapes_longtail', 'shapes_longtail');
const NAMES = longtail.descriptor.classes.map(({ name }) => name);

/** By class: its share of the pixels, in [0, 1], and the scenes that show it. */
async function countsOf(subset: Subset, ids: readonly string[]) {
  const pixels = new Array<number>(NAMES.length).fill(0);
  const scenes = new Array<number>(NAMES.length).fill(0);
  for (const id of ids) {
    const { labels } = await longtail.load(subset, id);
    for (const label of labels) pixels[label]!++;
    for (const label of new Set(labels)) scenes[label]!++;
  }
  return { shares: pixels.map((count) => count / (ids.length * 64 * 64)), scenes };
}

const labelled = (seed: number) => drawSplit(longtail.ids('TRAIN'), 1 / 8, seed).labelled;

describe('shapes_longtail', () => {
  it('has nine classes and three subsets', () => {
    expect(longtail.descriptor).toMatchObject({ name: 'shapes_longtail', kind: 'shapes_longtail', ignoreIndex: 255 });
    expect(NAMES.join()).toBe('background,disc,ring,square,triangle,cross,star,horseshoe,hexagon');
    expect(longtail.descriptor.subsets).toEqual({ TRAIN: 512, VAL: 128, TEST: 256 });
  });

  it('is the same on every machine', async () => {
    const hash = createHash('sha256');
    for (const id of [...longtail.ids('TRAIN').slice(0, 20), ...longtail.ids('TEST').slice(0, 10)]) {
      const { pixels, labels } = await longtail.load(id.startsWith('train') ? 'TRAIN' : 'TEST', id);
      hash.update(pixels).update(labels);
    }
    expect(hash.digest('hex')).toMatchInlineSnapshot(
      `"c56fc9ca9c067d31dd98ffa161ad68fec38a635d0cec47111be8e3e51bfbce5f"`,
    );
    expect(longtail.descriptor.fingerprint).toMatchInlineSnapshot(
      `"4cb31d520b795230b7ee4c10a01970036d8ea9a98a61f5726153bead9b6412bd"`,
    );
  });

  it('shows each class in about two thirds as many scenes as the one before it, in every subset', async () => {
    for (const subset of ['TRAIN', 'VAL', 'TEST'] as const) {
      const ids = longtail.ids(subset);
      const { scenes } = await countsOf(subset, ids);
      // Three objects on average; a scene with two of a class counts once.
      const sum = 3 * (1 - (2 / 3) ** 8);
      for (let index = 1; index < NAMES.length; index++) {
        const share = (2 / 3) ** (index - 1) / sum;
        const expected = ([2, 3, 4] as const).reduce((mean, objects) => mean + (1 - (1 - share) ** objects) / 3, 0);
        const deviation = Math.sqrt((expected * (1 - expected)) / ids.length);
        // A few objects are hidden by others.
        const found = scenes[index]! / ids.length;
        expect(Math.abs(found - expected), `${subset} ${NAMES[index]}`).toBeLessThan(3 * deviation + 0.02);
      }
    }
  });

  it('has frequent classes with fewer pixels than rare ones', async () => {
    const { shares, scenes } = await countsOf('TRAIN', longtail.ids('TRAIN'));
    const of = (name: string) => ({ share: shares[NAMES.indexOf(name)]!, scenes: scenes[NAMES.indexOf(name)]! });
    for (const [tiny, large] of [
      ['square', 'star'],
      ['cross', 'hexagon'],
    ] as const) {
      expect(of(tiny).scenes).toBeGreaterThan(2 * of(large).scenes);
      expect(of(tiny).share).toBeLessThan(of(large).share);
    }
  });

  it('shows the rarest classes in a few of the labelled scenes at 1/8', async () => {
    for (const seed of [0, 1, 2]) {
      const { scenes } = await countsOf('TRAIN', labelled(seed));
      for (const count of scenes.slice(-3)) {
        expect(count).toBeGreaterThanOrEqual(2);
        expect(count).toBeLessThanOrEqual(12);
      }
    }
  });

  it('is described in docs/datasets.md with these frequencies', async () => {
    const all = await countsOf('TRAIN', longtail.ids('TRAIN'));
    const test = await countsOf('TEST', longtail.ids('TEST'));
    const splits = await Promise.all([0, 1, 2].map((seed) => countsOf('TRAIN', labelled(seed))));
    const rows = NAMES.map((name, index) =>
      [
        `| ${name} `,
        ` ${(100 * all.shares[index]!).toFixed(1)} % `,
        ` ${all.scenes[index]} `,
        ` ${splits.map(({ scenes }) => scenes[index]).join(', ')} `,
        ` ${test.scenes[index]} `,
      ].join('|'),
    );
    const page = readFileSync(join(import.meta.dirname, '../../../../docs/datasets.md'), 'utf8');
    expect(rows.filter((row) => !page.includes(`\n${row}|`))).toEqual([]);
  });
});
