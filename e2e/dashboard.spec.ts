import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openBrowser } from './support/browser.js';
import { Laboratory } from './support/laboratory.js';
import { until } from './support/program.js';
import { ReportingRunner } from './support/reporting-runner.js';

/** The dashboard in a real browser, on a real server, while a runner reports known numbers. */
const lab = new Laboratory();
const DATASET = {
  name: 'streets',
  classes: [
    { name: 'sky', color: '#80b0e0' },
    { name: 'road', color: '#804080' },
    { name: 'car', color: '#c04040' },
  ],
};
const CONFIG = {
  dataset: 'streets',
  split: { labelledRatio: 0.125 },
  method: { name: 'cps_cutmix' },
  training: { iterations: 100 },
};

let runner: ReportingRunner;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  await lab.startServer();
  browser = await openBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await lab.close();
});

beforeEach(async () => {
  runner = new ReportingRunner(lab, 'gpu-box', DATASET);
  await runner.register();
  complaints.length = 0;
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(10_000);
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
});

/** Nothing of a test, failed or not, is left for the next one's runner to claim. */
afterEach(async () => {
  await page.close();
  const open = `{ runs(filter: { states: [QUEUED, RUNNING] }, first: 100) { edges { node { id } } } runners { id } }`;
  const left = await lab.send<{ runs: { edges: { node: { id: string } }[] }; runners: { id: string }[] }>(open);
  for (const { node } of left.runs.edges) await lab.send('mutation ($id: ID!) { cancelRun(id: $id) { id } }', node);
  for (const each of left.runners) await lab.send('mutation ($id: ID!) { removeRunner(id: $id) }', each);
});

async function queue(name: string): Promise<string> {
  const answer = await lab.send<{ createRun: { id: string } }>(
    'mutation ($input: CreateRunInput!) { createRun(input: $input) { id } }',
    { input: { name, config: CONFIG } },
  );
  return answer.createRun.id;
}

/** The mark that says that the page is live. */
function live() {
  return page.getByRole('status').filter({ hasText: /^live$/ });
}

/** Opens a page and marks its document, so that a reload would be noticed. */
async function open(path: string): Promise<void> {
  await page.goto(lab.url + path);
  await live().waitFor();
  await page.evaluate('window.neverReloaded = true');
}

async function expectNoReload(): Promise<void> {
  expect(await page.evaluate('window.neverReloaded')).toBe(true);
}

function row(name: string) {
  return page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
}

test('a run appears in the list, and its mIoU and progress follow without a reload', async () => {
  await open('/');
  await queue('watched from the list');
  await row('watched from the list').getByText('Queued').waitFor();
  await runner.claimRun();
  await runner.setUp();
  await row('watched from the list').getByText('Running').waitFor();
  await row('watched from the list').getByText('gpu-box').waitFor();
  await runner.evaluation(50, 'BRANCH1', [0.8, 0.6, 0.4]);
  await row('watched from the list').getByText('60.0', { exact: true }).waitFor();
  await row('watched from the list').getByText('50 / 100').waitFor();
  await runner.evaluation(100, 'BRANCH1', [0.9, 0.7, 0.5]);
  await row('watched from the list').getByText('70.0', { exact: true }).waitFor();
  await runner.finish('SUCCEEDED');
  await row('watched from the list').getByText('Completed').waitFor();
  await expectNoReload();
  expect(complaints).toEqual([]);
});

test("a run's page draws metrics, per-class IoU and samples as they come", async () => {
  const id = await queue('watched on its page');
  await open(`/runs/${id}`);
  await page.getByText('Waiting for a runner; then metric points appear here.').waitFor();
  await runner.claimRun();
  await runner.setUp();
  await runner.points(5, { 'loss/branch1': 2.25, 'loss/branch2': 2.5, lr: 0.05 });
  const loss = page.getByRole('figure').filter({ hasText: 'Loss' });
  await loss.getByRole('button', { name: 'total, network 1 2.25' }).waitFor();
  await runner.points(10, { 'loss/branch1': 1.125, 'loss/branch2': 1.5, lr: 0.04 });
  await loss.getByRole('button', { name: 'total, network 1 1.125' }).waitFor();

  await runner.evaluation(10, 'BRANCH1', [0.8, 0.6, 0.25]);
  await runner.evaluation(10, 'BRANCH2', [0.7, 0.5, 0.3]);
  const car = page.getByRole('row', { name: /^car/ });
  await car.getByText('25.0').waitFor();
  await car.getByText('30.0').waitFor();

  const truth = Buffer.from([192, 64, 64, 255, 128, 64, 128, 255]);
  const prediction = Buffer.from([128, 64, 128, 255, 128, 64, 128, 255]);
  await runner.sample(10, 'street-1', 'INPUT', 2, 1, Buffer.from([10, 20, 30, 255, 40, 50, 60, 255]));
  await runner.sample(10, 'street-1', 'GROUND_TRUTH', 2, 1, truth);
  await runner.sample(10, 'street-1', 'BRANCH1', 2, 1, prediction);
  await page.getByRole('button', { name: 'Enlarge Network 1 of street-1' }).waitFor();
  await page.getByRole('radio', { name: 'Errors' }).check();
  const wrong = () => page.evaluate(WRONG_PIXELS);
  await until('the one wrong pixel to be marked', 10, async () => (await wrong()) === 1);

  await page.getByRole('button', { name: 'Cancel run' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel run' }).click();
  await page.getByText('Canceling', { exact: true }).waitFor();
  expect(await runner.report({ step: 11 })).toBe('CANCEL');
  await runner.finish('CANCELED');
  await page.getByRole('button', { name: 'Queue again' }).waitFor();
  await expectNoReload();
  expect(complaints).toEqual([]);

  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'Runs' }).waitFor();
  expect(await row('watched on its page').count()).toBe(0);
});

/** Opaque pixels of the map of errors. */
const WRONG_PIXELS = `(() => {
  const canvas = document.querySelector('canvas.label-map');
  if (!canvas) return -1;
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((value, index) => index % 4 === 3 && value > 0).length;
})()`;

test('a study is queued in the form, refused values are named, and its table fills', async () => {
  await open('/new');
  await page.getByLabel('Name').fill('which method?');
  await page.getByLabel('CPS', { exact: true }).uncheck();
  await page.getByLabel('Seeds').fill('0-1');
  await page.getByLabel('Labelled shares').fill('1/8, 3');
  await page.getByRole('button', { name: 'Queue 8 runs' }).click();
  await page.getByText(/got 3/).first().waitFor();
  await page.getByLabel('Labelled shares').fill('1/8');
  await page.getByRole('button', { name: 'Queue 4 runs' }).click();
  await page.getByRole('heading', { name: 'which method?' }).waitFor();
  for (const ious of [
    [0.5, 0.4, 0.3],
    [0.6, 0.5, 0.4],
    [0.52, 0.42, 0.32],
    [0.64, 0.54, 0.44],
  ]) {
    await runner.claimRun();
    await runner.setUp();
    await runner.evaluation(100, 'BRANCH1', ious);
    await runner.finish('SUCCEEDED');
  }
  const table = page.getByRole('table').first();
  const cutmix = table.getByRole('row').filter({ hasText: 'CPS + CutMix' });
  await cutmix.getByText('52.0 best ± 2.8').first().waitFor();
  await cutmix.getByText('+11.0').waitFor();
  await page.getByText('4 of 4 completed').waitFor();
  expect(complaints).toEqual([]);
});

test('runs are compared, and the runners say what they train', async () => {
  await queue('first to compare');
  await runner.claimRun();
  await runner.evaluation(10, 'BRANCH1', [0.3, 0.2, 0.1]);
  await runner.finish('FAILED', 'the loss is NaN at step 11');
  const id = await queue('second to compare');
  await runner.claimRun();
  await runner.evaluation(10, 'BRANCH1', [0.6, 0.5, 0.4]);
  await open('/?text=to+compare');
  await page.getByRole('checkbox').nth(0).check();
  await page.getByRole('checkbox').nth(1).check();
  await page.getByRole('link', { name: 'Compare', exact: true }).click();
  const mean = page.getByRole('row', { name: /^Mean IoU/ });
  await mean.getByText('20.0').waitFor();
  await mean.getByText('50.0').waitFor();

  await page.getByRole('link', { name: 'Runners' }).click();
  await row('gpu-box')
    .getByRole('link', { name: /second to compare/ })
    .waitFor();
  await page.getByText('How to add a runner').click();
  await page.getByLabel('Which machine').fill('gpu-box in room 4');
  await page.getByRole('button', { name: 'Make a registration token' }).click();
  await page.getByText(`npm run runner -- register --server ${lab.url} --token`).waitFor();
  await runner.finish('SUCCEEDED');
  await row('gpu-box').getByText('nothing', { exact: true }).waitFor();
  await open(`/runs/${id}`);
  await page.getByText('Completed').first().waitFor();
  expect(complaints).toEqual([]);
});

test('the page says when the server is away, and goes on by itself when it is back', async () => {
  const id = await queue('survives a restart');
  await open(`/runs/${id}`);
  await page.getByText('Queued', { exact: true }).first().waitFor();
  await lab.server!.stop();
  await page.getByText('reconnecting').waitFor();
  await lab.startServer();
  await live().waitFor({ timeout: 30_000 });
  await runner.claimRun();
  await page.getByText('Running', { exact: true }).first().waitFor();
  await expectNoReload();
  await runner.finish('CANCELED');
});

test('what does not exist is said to', async () => {
  await open('/runs/00000000-0000-4000-8000-000000000000');
  await page.getByText('There is no such run.').waitFor();
  await open('/no/such/page');
  await page.getByText('There is no such page.').waitFor();
});

test('a server that wants a token gets one', async () => {
  const strict = new Laboratory({ AUTH: 'on', CROSSCHECK_USER_TOKEN: 'a-user-token-for-this-test' });
  try {
    await strict.startServer();
    await page.goto(strict.url);
    await page.getByRole('heading', { name: 'Sign in with a token' }).waitFor();
    await page.getByLabel('User token').fill('a wrong one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('does not accept the token').waitFor();
    await page.getByLabel('User token').fill('a-user-token-for-this-test');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('No runs yet.').waitFor();
    await live().waitFor();
  } finally {
    await strict.close();
  }
});
