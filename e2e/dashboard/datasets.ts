import { expect, test } from 'vitest';
import { ReportingRunner } from '../support/reporting-runner.js';
import { board } from './board.js';

const NAME = 'rust & dents/Körner 1';

const region = (count: number) => ({ count, smallest: 4, median: 60.5, largest: 9000 });
const held = (pixels: number, images: number) => ({
  pixels,
  images,
  components: images > 0 ? region(images * 2) : null,
});
const sizes = [{ width: 480, height: 360, images: 367 }];

const DATASET = {
  name: NAME,
  classes: [
    { name: 'metal', color: '#808080' },
    { name: 'rust', color: '#c05030' },
    { name: 'dent', color: '#3060c0' },
  ],
  warnings: [
    'no training label has a pixel of dent: a network cannot learn what it never sees',
    '12 images with an EXIF orientation tag (6 in IMG_0031), which is not applied unless data.applyOrientation is true',
  ],
  facts: {
    parts: [
      {
        ...{ part: 'TRAIN' as const, images: 367, sizes, bits: [8 as const], ignoredPixels: 1_000_000 },
        classes: [held(60_000_000, 367), held(3_000_000, 41), held(0, 0)],
      },
      {
        ...{ part: 'VAL' as const, images: 101, sizes, bits: [8 as const, 16 as const], ignoredPixels: 0 },
        classes: [held(17_000_000, 101), held(400_000, 9), held(52_800, 3)],
      },
      { part: 'UNLABELLED' as const, images: 2000, sizes, bits: [8 as const], ignoredPixels: 0, classes: [] },
    ],
    splits: [
      {
        labelledRatio: 1 / 16,
        labelledImages: 23,
        classes: [23, 0, 0].map((images) => ({ images, pixels: images * 9 })),
      },
      {
        labelledRatio: 1 / 8,
        labelledImages: 46,
        classes: [46, 5, 0].map((images) => ({ images, pixels: images * 9 })),
      },
    ],
    duplicates: { groups: 3, acrossSubsets: 1, near: 7 },
  },
};

test('a dataset has a page with what it holds and what looks wrong with it', async () => {
  await new ReportingRunner(board.stack, 'thermal-box', DATASET).register();
  await board.open('/datasets');
  await board.row('streets').getByText('gpu-box').waitFor();
  await board.row('rust').getByText('2 warnings').waitFor();
  await board.page.getByRole('link', { name: NAME }).click();
  await board.page.getByRole('heading', { name: NAME }).waitFor();
  await board.page.getByText(DATASET.warnings[1]!).waitFor();
  const cellsOf = async (table: number, name: string) =>
    board.page
      .getByRole('table')
      .nth(table)
      .getByRole('row')
      .filter({ hasText: name })
      .getByRole('cell')
      .allTextContents();
  expect(await cellsOf(0, 'rust')).toEqual(['4.8', '41', '82 (60.5 px)', '2.3', '9', '18 (60.5 px)']);
  expect(await cellsOf(0, 'dent')).toEqual(['none', '0', '–', '0.3', '3', '6 (60.5 px)']);
  expect(await cellsOf(1, 'Without labels')).toEqual(['2,000', '480 × 360', '8', '–']);
  expect(await cellsOf(1, 'Validation')).toEqual(['101', '480 × 360', '8, 16', '0.0']);
  expect(await cellsOf(2, 'rust')).toEqual(['none', '5']);
  await board.page.getByText('3 images occur more than once (1 in several subsets)').waitFor();
  await board.expectNoReload();
  // The address can be opened, too.
  await board.open(new URL(board.page.url()).pathname);
  await board.page.getByRole('heading', { name: NAME }).waitFor();
  await board.open('/datasets/nothing');
  await board.page.getByText('Dataset not found').waitFor();
  // One that an older runner has announced.
  await board.open('/datasets');
  await board.page.getByRole('link', { name: 'streets' }).click();
  await board.page.getByText('has not been counted').waitFor();
});

test('what looks wrong with the data of a run stands on its page, in the list and in the table of its study', async () => {
  const base = { dataset: 'streets', split: { labelledRatio: 0.125 } };
  const { createStudy } = await board.stack.send<{ createStudy: { id: string } }>(
    'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
    { input: { name: 'few labels', base, matrix: { methods: [{ name: 'supervised' }] } } },
  );
  const id = await board.runner.claimRun();
  await board.runner.setUp();
  const message = 'no labelled image of this split holds car, which other training labels do';
  await board.open(`/runs/${id}`);
  await board.runner.report({ alarms: [{ step: 0, kind: 'DATA', message }] });
  await board.page.getByRole('region', { name: 'Alarms' }).getByText(message).waitFor();
  await board.page.getByText('Something looks wrong with the data').waitFor();
  await board.open('/');
  await board.row('supervised').getByText('1 alarm: Something looks wrong with the data').waitFor();
  await board.open(`/studies/${createStudy.id}`);
  await board.page.getByRole('table').first().getByText(message).waitFor();
  expect(board.complaints).toEqual([]);
});
