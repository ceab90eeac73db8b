import { rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { OpenDataset } from '../dataset.js';
import { openDataset } from '../open.js';
import { SAMPLE_LAYOUTS, writeSample } from '../testing/sample-layouts.js';
import { SUBSETS } from './files/image-files.js';
import { detectKind, LAYOUTS } from './layouts.js';

/** Everything that training reads, by subset and id. An id's folders are left out: some layouts have them. */
async function contentOf(dataset: OpenDataset): Promise<Record<string, unknown>> {
  const content: Record<string, unknown> = {};
  for (const subset of SUBSETS) {
    for (const id of dataset.ids(subset)) {
      const { width, height, pixels, labels } = await dataset.load(subset, id);
      content[`${subset} ${id.split('/').at(-1)}`] = { width, height, pixels, labels };
    }
  }
  return content;
}

it.each(SAMPLE_LAYOUTS.map((layout) => [layout.title, layout] as const))(
  '%s is recognised, and gives the same pixels, labels and classes as the folder format',
  async (_, layout) => {
    const { scenes, root, folder } = await writeSample(layout);
    const kind = detectKind(root);
    expect(kind).toBe(layout.kind);
    const dataset = await openDataset({ name: 'data', kind, directory: root });
    const reference = await openDataset({ name: 'data', kind: 'folder', directory: folder });
    const { channels, classes, ignoreIndex, normalisation, subsets } = reference.descriptor;
    expect(dataset.descriptor).toMatchObject({ channels, classes, ignoreIndex, normalisation, subsets });
    const content = await contentOf(dataset);
    expect(Object.keys(content)).toHaveLength(scenes.length);
    expect(content).toEqual(await contentOf(reference));
    for (const path of [root, folder]) await rm(path, { recursive: true });
  },
);

it('has a sample of every layout but the built-in ones with tests of their own', () => {
  const sampled = new Set(SAMPLE_LAYOUTS.map(({ kind }) => kind));
  const others = LAYOUTS.map(({ kind }) => kind).filter((kind) => !sampled.has(kind));
  expect(others).toEqual(['folder', 'cityscapes', 'cityscapes_extra']);
});
