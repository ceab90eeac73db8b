import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { ReportingRunner } from '../support/reporting-runner.js';
import { board } from './board.js';

test('alarms and pseudo-labels appear on the page and in the list as they are reported', async () => {
  const id = await board.queue('collapses');
  await board.runner.claimRun();
  await board.runner.setUp();
  await board.open(`/runs/${id}`);
  await board.page.getByText('No pseudo-labels from this network yet').waitFor();
  const counts = { labelledPixels: [600, 300, 100], undecidedPixels: 0 };
  const pseudoLabels = [
    {
      step: 50,
      network: 'BRANCH1',
      pseudoPixels: [970, 30, 0],
      confusion: [450, 50, 0, 450, 50, 0, 0, 0, 0],
      ...counts,
    },
    { step: 50, network: 'BRANCH2', pseudoPixels: [1000, 0, 0], confusion: null, ...counts },
  ];
  await board.runner.report({ pseudoLabels });
  const histogram = board.page.getByRole('region', { name: 'Pseudo-labels' }).getByRole('table');
  await histogram.getByRole('row', { name: 'sky 60.0 97.0 47.4' }).waitFor();
  await board.page.getByText('Step 50, mIoU 28.2, covering 100.0 % of the pixels').waitFor();
  await board.page.getByRole('region', { name: 'Pseudo-labels' }).getByRole('radio', { name: 'Network 2' }).check();
  await histogram.getByRole('row', { name: 'sky 60.0 100.0 –' }).waitFor();
  await board.page.getByText('unknown (no hidden ground truth)').waitFor();

  const message = '"sky" makes up 97.0 % of the pseudo-labels of network 1';
  await board.runner.report({ alarms: [{ step: 50, kind: 'TAKEOVER', network: 'BRANCH1', classIndex: 0, message }] });
  await board.page.getByRole('region', { name: 'Alarms' }).getByText(message).waitFor();
  await board.page.getByRole('status', { name: 'Newest alarm' }).getByText(`Alarm at step 50: ${message}`).waitFor();
  await board.runner.evaluation(50, 'BRANCH1', [0.8, 0.6, 0.4]);
  await board.page
    .getByRole('row', { name: /^Pixel accuracy/ })
    .getByText('80.4')
    .waitFor();
  await board.open('/');
  await board.row('collapses').getByText('1 alarm: One class takes over').waitFor();
  await board.runner.report({ alarmEnds: [{ step: 70, kind: 'TAKEOVER', network: 'BRANCH1', classIndex: 0 }] });
  await board.row('collapses').getByText('1 alarm, over: One class takes over (over)').waitFor();
  await board.open(`/runs/${id}`);
  await board.page.getByRole('region', { name: 'Alarms' }).getByText(`${message} (over at step 70)`).waitFor();
  await board.open('/');
  await board.runner.finish('FAILED', `stopped by the alarm TAKEOVER at step 50: ${message}`);
  await board.row('collapses').getByText('Failed').waitFor();
  expect(board.complaints).toEqual([]);
});

test('the table of a study marks the methods whose runs have alarms, and says when these are over', async () => {
  const input = {
    name: 'which collapses?',
    base: { dataset: 'streets', split: { labelledRatio: 0.125 }, training: { iterations: 100 } },
    matrix: { methods: [{ name: 'cps' }], seeds: [0] },
  };
  const { createStudy } = await board.stack.send<{ createStudy: { id: string } }>(
    'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
    { input },
  );
  await board.runner.claimRun();
  await board.runner.setUp();
  await board.open(`/studies/${createStudy.id}`);
  const about = { kind: 'DROP', network: 'BRANCH1' };
  await board.runner.report({ alarms: [{ ...about, step: 50, message: 'mIoU has fallen' }] });
  const row = board.page.getByRole('table').first().getByRole('row').filter({ hasText: 'CPS' });
  await row.getByText('1 alarm: mIoU has fallen from its peak').waitFor();
  await board.runner.report({ alarmEnds: [{ ...about, step: 70 }] });
  await row.getByText('1 alarm, over: mIoU has fallen from its peak (over)').waitFor();
  await board.runner.finish('FAILED', 'enough');
  expect(board.complaints).toEqual([]);
});

test('pseudo-labels of one network, without hidden ground truth, with a black class, on a dark and narrow page', async () => {
  const night = new ReportingRunner(board.stack, 'night-box', {
    name: 'night',
    classes: [
      { name: 'void', color: '#000000' },
      { name: 'lamp', color: '#ffff80' },
    ],
  });
  await night.register();
  const split = { labelledRatio: 0.125 };
  const id = await board.stack.queue({ dataset: 'night', split, method: { name: 'mean_teacher' } });
  await night.claimRun();
  await night.setUp();
  const counts = { labelledPixels: [60, 40], pseudoPixels: [90, 10], undecidedPixels: 0, confusion: null };
  await night.report({ pseudoLabels: [{ step: 50, network: 'BRANCH1', ...counts }] });
  await board.page.emulateMedia({ colorScheme: 'dark' });
  await board.page.setViewportSize({ width: 375, height: 800 });
  await board.open(`/runs/${id}`);
  const panel = board.page.getByRole('region', { name: 'Pseudo-labels' });
  await panel.getByRole('figure').filter({ hasText: 'Share of each class' }).waitFor();
  expect(await board.page.getByRole('radio', { name: 'Network 2' }).count()).toBe(0);
  const hollow = panel.locator('td .pair-bar-hollow').first();
  expect((await hollow.boundingBox())!.width).toBeGreaterThan(40);
  expect(await board.page.evaluate(HOLLOW_BAR_COLOR)).toBe(BLACK_ON_DARK);
  expect(board.complaints).toEqual([]);
});

const HOLLOW_BAR_COLOR = `getComputedStyle(document.querySelector('td .pair-bar-hollow')).borderTopColor`;
/** Black, mixed with just enough white to be visible there. */
const BLACK_ON_DARK = 'rgb(82, 82, 82)';

test('comparing runs with different labelled images shows a warning', async () => {
  const ids: string[] = [];
  for (const split of ['one', 'one', 'another']) {
    ids.push(await board.queue(`on split ${split}`));
    await board.runner.claimRun();
    await board.runner.setUp(split);
    await board.runner.evaluation(10, 'BRANCH1', [0.3, 0.2, 0.1]);
    await board.runner.finish('SUCCEEDED');
  }
  const warning = board.page.getByText('were trained on different images');
  await board.open(`/compare?runs=${ids[0]},${ids[1]}`);
  await board.page.getByRole('row', { name: /^Weighted IoU/ }).waitFor();
  expect(await warning.count()).toBe(0);
  await board.open(`/compare?runs=${ids.join(',')}`);
  await warning.waitFor();
  expect(await board.page.getByTitle(createHash('sha256').update('another').digest('hex')).count()).toBeGreaterThan(0);
  expect(board.complaints).toEqual([]);
});
