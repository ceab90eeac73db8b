import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import type { OpenDataset } from '../../dataset.js';
import { openDataset } from '../../open.js';
import { contentOf } from '../../testing/content.js';
import { problemsOf } from '../../testing/problems.js';
import { SAMPLE_LAYOUTS, writeSample } from '../../testing/sample-layouts.js';
import { makeSmallFolder, SMALL_HEIGHT, SMALL_IGNORE, SMALL_WIDTH, smallLabels } from '../../testing/small-folder.js';
import { makeThermalFolder } from '../../testing/thermal-folder.js';
import { detectKind } from '../layouts.js';
import { convertDataset } from './convert.js';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function open(directory: string): Promise<OpenDataset> {
  folders.push(directory);
  return openDataset({ name: 'data', kind: detectKind(directory), directory });
}

async function convert(dataset: OpenDataset): Promise<{ converted: OpenDataset; progress: string[]; out: string }> {
  const out = join(await mkdtemp(join(tmpdir(), 'crosscheck-convert-')), 'new', 'folder');
  const progress: string[] = [];
  await convertDataset(dataset, out, (done, total) => progress.push(`${done}/${total}`));
  return { converted: await open(out), progress, out };
}

it.each(SAMPLE_LAYOUTS.map((layout) => [layout.title, layout] as const))(
  '%s gives the same ids, pixels, labels and classes after the conversion',
  async (_, layout) => {
    const { root, folder } = await writeSample(layout);
    folders.push(folder);
    const dataset = await open(root);
    const { converted, progress } = await convert(dataset);
    expect(converted.descriptor.kind).toBe('folder');
    expect(await contentOf(converted)).toEqual(await contentOf(dataset));
    expect(progress).toEqual(progress.map((_each, index) => `${index + 1}/10`));
    expect(progress).toHaveLength(10);
  },
);

it('copies image files byte for byte, and keeps images without labels, other numbers and another ignore index', async () => {
  const root = await makeSmallFolder();
  await rm(join(root, 'train/labels/b.png'));
  await mkdir(join(root, 'unlabelled/images/night'), { recursive: true });
  await writeFile(join(root, 'unlabelled/images/night/u.PNG'), await readFile(join(root, 'val/images/a.png')));
  const classes = JSON.parse(await readFile(join(root, 'classes.json'), 'utf8'));
  const normalise = { mean: [0.1, 0.2, 0.3], std: [0.4, 0.5, 0.6] };
  await writeFile(join(root, 'classes.json'), JSON.stringify({ ...classes, normalise }));
  const dataset = await open(root);
  const { converted, out } = await convert(dataset);
  expect(await contentOf(converted)).toEqual(await contentOf(dataset));
  expect(converted.descriptor).toMatchObject({ normalisation: normalise, ignoreIndex: SMALL_IGNORE });
  expect(converted.unlabelledIds).toEqual(['b', 'night/u']);
  expect(await readFile(join(out, 'unlabelled/images/b.png'))).toEqual(
    await readFile(join(root, 'train/images/b.png')),
  );
});

it('converts a label of the size of the turned picture as it is', async () => {
  const root = await makeSmallFolder();
  const image = await sharp(await readFile(join(root, 'train/images/a.png')))
    .jpeg()
    .withMetadata({ orientation: 6 })
    .toBuffer();
  await rm(join(root, 'train/images/a.png'));
  await writeFile(join(root, 'train/images/a.jpg'), image);
  await writeFile(join(root, 'train/labels/a.png'), await smallLabels(SMALL_HEIGHT, SMALL_WIDTH));
  const dataset = await open(root);
  const { converted } = await convert(dataset);
  expect(await converted.load('TRAIN', 'a', true)).toEqual(await dataset.load('TRAIN', 'a', true));
});

it.each([1, 4] as const)('keeps the 16-bit values of %i channels', async (channels) => {
  const dataset = await open(await makeThermalFolder(channels));
  const { converted } = await convert(dataset);
  expect(await contentOf(converted)).toEqual(await contentOf(dataset));
});

it('writes the built-in dataset, which has no files', async () => {
  const shapes = await openDataset({ name: 'shapes', kind: 'shapes', directory: null });
  const few: OpenDataset = { ...shapes, ids: (subset) => shapes.ids(subset).slice(0, 3) };
  const { converted } = await convert(few);
  const { subsets: _, ...content } = await contentOf(few);
  expect(await contentOf(converted)).toMatchObject(content);
});

it('refuses a folder that is not empty', async () => {
  const dataset = await open(await makeSmallFolder());
  const refused = convertDataset(dataset, join(dataset.source.directory!, 'val'), () => {});
  expect(await problemsOf(refused.then(() => dataset))).toEqual(['is not empty: it has images; choose a new folder']);
});
