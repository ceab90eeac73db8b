import { rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { openDataset } from '../open.js';
import { contentOf } from '../testing/content.js';
import { SAMPLE_LAYOUTS, writeSample } from '../testing/sample-layouts.js';
import { detectKind, LAYOUTS } from './layouts.js';

/** Some layouts have folders in their ids. */
const nameOf = (id: string) => id.split('/').at(-1)!;

it.each(SAMPLE_LAYOUTS.map((layout) => [layout.title, layout] as const))(
  '%s is recognised, and gives the same pixels, labels and classes as the folder format',
  async (_, layout) => {
    const { scenes, root, folder } = await writeSample(layout);
    const kind = detectKind(root);
    expect(kind).toBe(layout.kind);
    const dataset = await openDataset({ name: 'data', kind, directory: root });
    const reference = await openDataset({ name: 'data', kind: 'folder', directory: folder });
    const content = await contentOf(dataset, nameOf);
    expect(Object.keys(content)).toEqual(expect.arrayContaining(scenes.map(({ subset, id }) => `${subset} ${id}`)));
    expect(content).toEqual(await contentOf(reference));
    for (const path of [root, folder]) await rm(path, { recursive: true });
  },
);

it('has a sample of every layout but the built-in ones with tests of their own', () => {
  const sampled = new Set(SAMPLE_LAYOUTS.map(({ kind }) => kind));
  const others = LAYOUTS.map(({ kind }) => kind).filter((kind) => !sampled.has(kind));
  expect(others).toEqual(['folder', 'cityscapes', 'cityscapes_extra']);
});
