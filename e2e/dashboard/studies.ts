import { expect, test } from 'vitest';
import { board } from './board.js';

test('a study is queued in the form, which names invalid values, and its table fills in', async () => {
  await board.open('/new');
  await board.page.getByText('367 training images, 101 validation, 233 test; 3 classes').waitFor();
  await board.page.getByLabel('Name').fill('which method?');
  await board.page.getByLabel('CPS', { exact: true }).uncheck();
  await board.page.getByLabel('Seeds').fill('0-1');
  await board.page.getByLabel('Labelled').fill('1/8, -3');
  await board.page.getByRole('button', { name: 'Queue 8 runs' }).click();
  await board.page
    .getByText(/got -3/)
    .first()
    .waitFor();
  await board.page.getByLabel('Labelled').fill('1/8');
  await board.page.getByRole('button', { name: 'Queue 4 runs' }).click();
  await board.page.getByRole('heading', { name: 'which method?' }).waitFor();
  const table = board.page.getByRole('table').first();
  const cutmix = table.getByRole('row').filter({ hasText: 'CPS + CutMix' });
  const text = board.page.locator('pre');
  for (const [index, ious] of [
    [0.5, 0.4, 0.3],
    [0.6, 0.5, 0.4],
    [0.52, 0.42, 0.32],
    [0.64, 0.54, 0.44],
  ].entries()) {
    await board.runner.claimRun();
    await board.runner.setUp();
    await board.runner.evaluation(100, 'BRANCH1', ious);
    if (index === 1) {
      await cutmix.getByText('unfinished').waitFor();
      expect(await cutmix.getByText(/^\+|best/).count()).toBe(0);
      await board.page.getByText('mIoU as Markdown, LaTeX or CSV').click();
      await text.filter({ hasText: '50.00' }).waitFor();
    }
    await board.runner.finish('SUCCEEDED');
  }
  await cutmix.getByText('52.0 best ± 2.8').first().waitFor();
  await cutmix.getByText('+11.0').waitFor();
  await text.filter({ hasText: '52.00 ± 2.83' }).waitFor();
  await board.page.getByText('4 of 4 completed').waitFor();
  expect(board.complaints).toEqual([]);
});

test('long labels leave room for the numbers next to them', async () => {
  const kinds = ['dropout', 'cutout', 'contextMask', 'objectMask', 'featureDrop', 'featureNoise'];
  const methods = [1, 2].map((count) => ({
    name: 'cct',
    decoders: Object.fromEntries(kinds.map((kind) => [kind, count])),
  }));
  const labelledList = `${'three-hundred-and-sixty-six-'.repeat(4)}labels.txt`;
  const input = {
    name: 'which decoders?',
    base: { dataset: 'streets', split: { labelledList } },
    matrix: { methods, seeds: [0] },
  };
  const { createStudy } = await board.stack.send<{ createStudy: { id: string } }>(
    'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
    { input },
  );
  await board.open(`/studies/${createStudy.id}`);
  const label = board.page.getByRole('rowheader').getByRole('link', { name: /^CCT \(decoders/ });
  expect((await label.first().boundingBox())!.width).toBeLessThan(330);
  await board.open('/?text=decoders');
  const list = board.page.getByTitle(/^list three-hundred/).first();
  expect((await list.boundingBox())!.width).toBeLessThan(130);
});
