import { describe, expect, it } from 'vitest';
import type { DataSource } from '../tracking/messages.js';
import type { Subset } from '../tracking/tracker.js';
import { type DatasetContents, fingerprint } from './formats/fingerprint.js';
import { LAYOUTS } from './formats/layouts.js';
import { openShapes } from './formats/shapes/shapes-dataset.js';
import { IMAGENET } from './images/normalisation.js';
import { BUILT_IN, openDataset } from './open.js';

describe('openDataset', () => {
  it('opens the built-in datasets', async () => {
    expect(BUILT_IN.map(({ name }) => name)).toEqual(['shapes', 'shapes_longtail']);
    for (const source of BUILT_IN) {
      const { descriptor } = await openDataset(source);
      expect(descriptor).toMatchObject({ name: source.name, kind: source.name });
    }
  });

  it('refuses an unknown kind, a missing directory option and a directory that does not exist', async () => {
    const coco = { name: 'coco', kind: 'coco', directory: '/data' } as unknown as DataSource;
    await expect(openDataset(coco)).rejects.toThrow(
      `unknown kind "coco"; allowed: shapes, shapes_longtail, ${LAYOUTS.map(({ kind }) => kind).join(', ')}`,
    );
    for (const { kind } of LAYOUTS) {
      const nowhere = openDataset({ name: 'x', kind, directory: null });
      await expect(nowhere).rejects.toThrow(`kind "${kind}" needs a folder`);
    }
    const gone = openDataset({ name: 'x', kind: 'folder', directory: '/no/such/place' });
    await expect(gone).rejects.toThrow('dataset "x": /no/such/place: no such folder');
  });
});

describe('fingerprint', () => {
  const contents: DatasetContents = {
    classes: [{ name: 'a', color: [1, 2, 3] }],
    ignoreIndex: 255,
    channels: 3,
    normalisation: IMAGENET,
    ids: { TRAIN: ['x', 'y'], VAL: ['z'], TEST: [] },
    unlabelledIds: [],
  };

  it('does not depend on the order of the ids', () => {
    const reordered = { ...contents, ids: { ...contents.ids, TRAIN: ['y', 'x'] } };
    expect(fingerprint(reordered)).toBe(fingerprint(contents));
  });

  it('changes with classes, ignore index, channels, normalisation and the ids of labelled and unlabelled images', () => {
    const others: DatasetContents[] = [
      { ...contents, ignoreIndex: 254 },
      { ...contents, ids: { ...contents.ids, VAL: ['w'] } },
      { ...contents, classes: [{ ...contents.classes[0]!, name: 'b' }] },
      { ...contents, classes: [{ ...contents.classes[0]!, color: [1, 2, 4] }] },
      { ...contents, normalisation: { ...IMAGENET, mean: [0.5, 0.5, 0.5] } },
      { ...contents, channels: 1, normalisation: { mean: [0.5], std: [0.2] } },
      { ...contents, channels: 1, normalisation: { mean: [0.5], std: [0.3] } },
      { ...contents, unlabelledIds: ['u'] },
      { ...contents, unlabelledIds: ['v'] },
      { ...contents, digest: () => 'bytes' },
      { ...contents, digest: (_: Subset, id: string) => (id === 'z' ? 'others' : 'bytes') },
    ];
    expect(new Set([contents, ...others].map(fingerprint)).size).toBe(12);
  });

  it('of RGB images never changes between versions, so that a server recognises the dataset', () => {
    expect(openShapes('shapes').descriptor.fingerprint).toBe(
      '541de2c4cf7a37491aa881784f71cd290517488821712b19e205a96348a1677d',
    );
  });
});
