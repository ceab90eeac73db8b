import { expect, test } from 'vitest';
import { board } from './board.js';

test('a run is renamed, tagged, annotated and archived on its page', async () => {
  const id = await board.queue('to be edited');
  await board.open(`/runs/${id}`);
  await board.page.getByText('Waiting: it is next').waitFor();
  await board.page.getByRole('button', { name: 'Edit' }).click();
  const form = board.page.getByRole('dialog', { name: 'Edit run' });
  await form.getByLabel('Name').fill('edited');
  await form.getByLabel('Tags, separated by commas').fill('paper, 열화상');
  await form.getByLabel('Notes, in Markdown').fill('first line\nsecond line');
  await form.getByRole('button', { name: 'Save' }).click();
  await board.page.getByRole('heading', { name: 'edited' }).waitFor();
  await board.page.getByText('paper, 열화상').waitFor();
  await board.page.getByRole('paragraph').filter({ hasText: 'first line' }).waitFor();
  await board.page.getByText(/ by (local|admin)$/).waitFor();

  await board.page.getByRole('button', { name: 'Archive', exact: true }).click();
  await board.page.getByRole('button', { name: 'Unarchive' }).waitFor();
  await board.page.getByRole('link', { name: 'Runs' }).click();
  const other = await board.queue('stays in the list');
  await board.row('stays in the list').waitFor();
  expect(await board.row('edited').count()).toBe(0);
  await board.page.getByLabel('Archived').selectOption('yes');
  await board.row('edited').getByText('archived').waitFor();

  const { createRun } = await board.stack.send<{ createRun: { id: string } }>(
    'mutation ($from: ID!) { createRun(input: { from: $from, name: "a clone" }) { id } }',
    { from: other },
  );
  await board.open(`/runs/${createRun.id}`);
  await board.page.getByText('Cloned from').waitFor();
  await board.page
    .locator('.facts')
    .getByRole('link', { name: /^#\d+$/ })
    .click();
  await board.page.getByRole('heading', { name: 'stays in the list' }).waitFor();
  await board.page.getByText('Copies').waitFor();
  expect(board.complaints).toEqual([]);
});

test('a list says that all of its runs are archived, and shows them', async () => {
  const id = await board.queue('archived alone');
  const archive = (archived: boolean) =>
    board.stack.send('mutation ($id: ID!, $to: Boolean!) { updateRun(id: $id, input: { archived: $to }) { id } }', {
      ...{ id, to: archived },
    });
  await board.open('/?text=archived+alone');
  await board.row('archived alone').waitFor();
  await archive(true);
  await board.page.getByText('All runs that match these filters are archived').waitFor();
  await board.page.getByRole('button', { name: 'Show archived runs' }).click();
  await board.row('archived alone').getByText('archived', { exact: true }).waitFor();
  await board.open('/?text=archived+by+nobody');
  await board.page.getByText('No runs match these filters').waitFor();
  expect(board.complaints).toEqual([]);
});

test('what is typed about a run stays when the run changes, and only that is saved', async () => {
  const id = await board.queue('edited by two');
  await board.open(`/runs/${id}`);
  await board.page.getByRole('button', { name: 'Edit' }).click();
  const form = board.page.getByRole('dialog', { name: 'Edit run' });
  await form.getByLabel('Notes, in Markdown').fill('typed here');
  await board.stack.send('mutation ($id: ID!) { updateRun(id: $id, input: { name: "renamed elsewhere" }) { id } }', {
    id,
  });
  await board.page.locator('h1').filter({ hasText: 'renamed elsewhere' }).waitFor();
  // Who did it is not in the message that the page got, so it loads that.
  await board.page.getByText(/ by (local|admin)$/).waitFor();
  expect(await form.getByLabel('Notes, in Markdown').inputValue()).toBe('typed here');
  await form.getByRole('button', { name: 'Save' }).click();
  await board.page.getByRole('paragraph').filter({ hasText: 'typed here' }).waitFor();
  const { run } = await board.stack.send<{ run: object }>('query ($id: ID!) { run(id: $id) { name notes } }', { id });
  expect(run).toEqual({ name: 'renamed elsewhere', notes: 'typed here' });
  expect(board.complaints).toEqual([]);
});

test('a runner is paused and resumed', async () => {
  await board.open('/runners');
  const row = board.row('gpu-box').first();
  await row.getByRole('button', { name: 'Pause' }).click();
  await board.page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
  await row.getByText('Paused').waitFor();
  const id = await board.queue('waits for a paused runner');
  await board.open(`/runs/${id}`);
  await board.page.getByText(/no runner that fits claims runs at the moment: .*gpu-box \(paused\)/).waitFor();
  await board.open('/runners');
  await board.row('gpu-box').first().getByRole('button', { name: 'Resume' }).click();
  await board.page.evaluate(RECORD_LABELS);
  await board.page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
  await board.page.getByRole('dialog').waitFor({ state: 'hidden' });
  // The dialog keeps the label of what was confirmed, although the button behind it becomes "Pause".
  expect(await board.page.evaluate('window.labels')).toEqual(['Resume']);
  await board.row('gpu-box').first().getByRole('button', { name: 'Pause' }).waitFor();
  expect(board.complaints).toEqual([]);
});

test('the missing and failed runs of a study are queued', async () => {
  const input = {
    name: 'lacks two runs',
    base: { dataset: 'streets', split: { labelledRatio: 0.125 } },
    matrix: { methods: [{ name: 'cps' }], seeds: [0, 1, 2] },
  };
  const { createStudy } = await board.stack.send<{ createStudy: { id: string } }>(
    'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
    { input },
  );
  await board.runner.claimRun();
  await board.runner.finish('FAILED', 'the disk is full');
  await board.open(`/studies/${createStudy.id}`);
  const list = board.page.getByRole('region', { name: 'Runs' });
  await list.getByRole('link', { name: /seed 2/ }).click();
  await board.page.getByRole('button', { name: 'Delete' }).click();
  await board.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();

  await board.open(`/studies/${createStudy.id}`);
  const button = board.page.getByRole('button', { name: 'Queue missing runs' });
  await button.click();
  const dialog = board.page.getByRole('dialog');
  await dialog.getByText('This queues 2 runs: 1 missing, 1 failed.').waitFor();
  await dialog.getByRole('button', { name: 'Queue missing runs' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await list.getByRole('link', { name: /seed 2/ }).waitFor();
  await board.page.getByText('0 of 3 completed', { exact: true }).waitFor();

  await button.click();
  await dialog.getByText('No run of the matrix is missing, and none has failed.').waitFor();
  expect(await dialog.getByRole('button').allTextContents()).toEqual(['Back']);
  await dialog.getByRole('button', { name: 'Back' }).click();
  expect(board.complaints).toEqual([]);
});

test('archived studies are found behind a button', async () => {
  const input = { name: 'out of sight', base: { dataset: 'streets', split: { labelledRatio: 0.125 } } };
  const matrix = { methods: [{ name: 'cps' }], seeds: [0] };
  const { createStudy } = await board.stack.send<{ createStudy: { id: string } }>(
    'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
    { input: { ...input, matrix } },
  );
  await board.open(`/studies/${createStudy.id}`);
  await board.page.getByRole('button', { name: 'Archive', exact: true }).click();
  await board.page.getByRole('button', { name: 'Unarchive' }).waitFor();
  await board.page.getByRole('link', { name: 'Studies' }).click();
  const show = board.page.getByRole('button', { name: 'Show archived studies (1)' });
  await show.waitFor();
  expect(await board.row('out of sight').count()).toBe(0);
  await show.click();
  await board.row('out of sight').getByText('archived', { exact: true }).waitFor();
  await board.page.getByRole('button', { name: 'Hide archived studies' }).click();
  await show.waitFor();
  await board.row('out of sight').waitFor({ state: 'detached' });
  expect(board.complaints).toEqual([]);
});

/** Records every label that the open dialog gets. */
const RECORD_LABELS = `{
  const dialog = document.querySelector('dialog[open]');
  window.labels = [dialog.getAttribute('aria-label')];
  new MutationObserver((records) => {
    for (const { target } of records) window.labels.push(target.getAttribute('aria-label'));
  }).observe(dialog, { attributes: true, attributeFilter: ['aria-label'] });
}`;
