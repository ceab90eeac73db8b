import { describe, expect, it } from 'vitest';
import type { DataSource } from '../tracking/messages.js';
import type { Subset } from '../tracking/tracker.js';
import { fingerprint } from './fingerprint.js';
import { openDataset } from './open.js';

describe('openDataset', () => {
  it('opens the built-in dataset', async () => {
    const { descriptor } = await openDataset({ name: 'shapes', kind: 'shapes', directory: null });
    expect(descriptor.name).toBe('shapes');
  });

  it('refuses an unknown kind, a folder without a directory and one that is not there', async () => {
    const voc = { name: 'voc', kind: 'voc', directory: '/data' } as unknown as DataSource;
    await expect(openDataset(voc)).rejects.toThrow('unknown kind "voc"; allowed: shapes, folder');
    await expect(openDataset({ name: 'x', kind: 'folder', directory: null })).rejects.toThrow('needs a directory');
    const gone = openDataset({ name: 'x', kind: 'folder', directory: '/no/such/place' });
    await expect(gone).rejects.toThrow(/\/no\/such\/place\/classes\.json: cannot be read/);
  });
});

describe('fingerprint', () => {
  const contents = {
    classes: [{ name: 'a', color: [1, 2, 3] as [number, number, number] }],
    ignoreIndex: 255,
    ids: { TRAIN: ['x', 'y'], VAL: ['z'], TEST: [] },
  };

  it('does not depend on the order of the ids', () => {
    const reordered = { ...contents, ids: { ...contents.ids, TRAIN: ['y', 'x'] } };
    expect(fingerprint(reordered)).toBe(fingerprint(contents));
  });

  it('changes with classes, ignore index and ids', () => {
    const others = [
      { ...contents, ignoreIndex: 254 },
      { ...contents, ids: { ...contents.ids, VAL: ['w'] } },
      { ...contents, classes: [{ ...contents.classes[0]!, name: 'b' }] },
      { ...contents, classes: [{ ...contents.classes[0]!, color: [1, 2, 4] as [number, number, number] }] },
      { ...contents, digest: () => 'bytes' },
      { ...contents, digest: (_: Subset, id: string) => (id === 'z' ? 'others' : 'bytes') },
    ];
    expect(new Set([contents, ...others].map(fingerprint)).size).toBe(7);
  });
});
