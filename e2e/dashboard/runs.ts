import { expect, test } from 'vitest';
import { until } from '../../processes/until.js';
import { board } from './board.js';

test('a run appears in the list, and its mIoU and progress update without a reload', async () => {
  await board.open('/');
  await board.queue('watched from the list');
  await board.row('watched from the list').getByText('Queued').waitFor();
  await board.runner.claimRun();
  await board.runner.setUp();
  await board.row('watched from the list').getByText('Running').waitFor();
  await board.row('watched from the list').getByText('gpu-box').waitFor();
  await board.runner.report({ phase: 'EVALUATING' });
  await board.row('watched from the list').getByText('evaluating', { exact: true }).waitFor();
  await board.runner.evaluation(50, 'BRANCH1', [0.8, 0.6, 0.4]);
  await board.row('watched from the list').getByText('60.0', { exact: true }).waitFor();
  await board.row('watched from the list').getByText('50 / 100').waitFor();
  await board.runner.evaluation(100, 'BRANCH1', [0.9, 0.7, 0.5]);
  await board.row('watched from the list').getByText('70.0', { exact: true }).waitFor();
  await board.runner.finish('SUCCEEDED');
  await board.row('watched from the list').getByText('Completed').waitFor();
  expect(await board.row('watched from the list').getByText('evaluating').count()).toBe(0);
  await board.expectNoReload();
  expect(board.complaints).toEqual([]);
});

test('a list that was read before a change, and arrives after it, does not undo the change', async () => {
  await board.open('/');
  await board.queue('changed meanwhile');
  await board.row('changed meanwhile').getByText('Queued').waitFor();
  await board.runner.claimRun();
  await board.row('changed meanwhile').getByText('Running').waitFor();
  const held: (() => Promise<void>)[] = [];
  let isHolding = true;
  await board.page.route('**/graphql', async (route) => {
    const response = await route.fetch();
    if (isHolding) held.push(() => route.fulfill({ response }));
    else await route.fulfill({ response });
  });
  // A new run makes the page load its list again.
  await board.queue('queued meanwhile');
  await until('the list to be read', 30, async () => held.length > 0);
  await board.runner.evaluation(50, 'BRANCH1', [0.8, 0.6, 0.4]);
  await board.row('changed meanwhile').getByText('60.0', { exact: true }).waitFor();
  isHolding = false;
  for (const deliver of held) await deliver();
  await board.row('queued meanwhile').waitFor();
  expect(await board.row('changed meanwhile').getByText('60.0', { exact: true }).count()).toBe(1);
});

test('a run that is queued while the list is being loaded appears in it', async () => {
  const heard: string[] = [];
  board.page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => heard.push(String(payload))));
  await board.open('/runners');
  let deliver: (() => Promise<void>) | undefined;
  await board.page.route('**/graphql', async (route) => {
    const response = await route.fetch();
    const isFirstList = !deliver && route.request().postDataJSON()?.operationName === 'Runs';
    if (isFirstList) deliver = () => route.fulfill({ response });
    else await route.fulfill({ response });
  });
  await board.page.getByRole('link', { name: 'Runs' }).click();
  await until('the list to be read', 30, () => deliver !== undefined);
  // The first one may be queued before the page has subscribed.
  await until('the page to hear of a run', 30, async () => {
    await board.queue('queued while loading');
    return heard.some((frame) => frame.includes('queued while loading'));
  });
  // And to react: it reads the list again at most every 500 ms.
  await board.page.evaluate('new Promise((resolve) => setTimeout(resolve, 600))');
  await deliver!();
  await board.row('queued while loading').first().waitFor();
});

test("a run's page draws metrics, per-class IoU and samples as they arrive", async () => {
  const id = await board.queue('watched on its page');
  await board.open(`/runs/${id}`);
  await board.page.getByText('Waiting for a runner. No metric points yet.').waitFor();
  await board.runner.claimRun();
  await board.runner.setUp();
  await board.runner.points(5, { 'loss/branch1': 2.25, 'loss/branch2': 2.5, lr: 0.05 });
  const loss = board.page.getByRole('figure').filter({ hasText: 'Loss' });
  await loss.getByRole('button', { name: 'total, network 1 2.25' }).waitFor();
  await board.runner.points(10, { 'loss/branch1': 1.125, 'loss/branch2': 1.5, lr: 0.04 });
  await loss.getByRole('button', { name: 'total, network 1 1.125' }).waitFor();

  await board.runner.evaluation(10, 'BRANCH1', [0.8, 0.6, 0.25]);
  await board.runner.evaluation(10, 'BRANCH2', [0.7, 0.5, 0.3]);
  const car = board.page.getByRole('row', { name: /^car/ });
  await car.getByText('25.0').waitFor();
  await car.getByText('30.0').waitFor();

  const truth = Buffer.from([192, 64, 64, 255, 128, 64, 128, 255]);
  const prediction = Buffer.from([128, 64, 128, 255, 128, 64, 128, 255]);
  await board.runner.sample(10, 'street-1', 'INPUT', 2, 1, Buffer.from([10, 20, 30, 255, 40, 50, 60, 255]));
  await board.runner.sample(10, 'street-1', 'GROUND_TRUTH', 2, 1, truth);
  await board.runner.sample(10, 'street-1', 'BRANCH1', 2, 1, prediction);
  await board.page.getByRole('button', { name: 'Enlarge Network 1 of street-1' }).waitFor();
  await board.page.getByRole('radio', { name: 'Errors' }).check();
  const wrong = () => board.page.evaluate(WRONG_PIXELS);
  await until('the one wrong pixel to be marked', 60, async () => (await wrong()) === 1);

  await board.page.getByRole('button', { name: 'Cancel run' }).click();
  await board.page.getByRole('dialog').getByRole('button', { name: 'Cancel run' }).click();
  await board.page.getByText('Canceling', { exact: true }).waitFor();
  expect(await board.runner.report({ step: 11 })).toBe('CANCEL');
  await board.runner.finish('CANCELED');
  await board.page.getByRole('button', { name: 'Queue again' }).waitFor();
  await board.expectNoReload();
  expect(board.complaints).toEqual([]);

  await board.page.getByRole('button', { name: 'Delete' }).click();
  await board.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await board.page.getByRole('heading', { name: 'Runs' }).waitFor();
  expect(await board.row('watched on its page').count()).toBe(0);
});

/** Counts the opaque pixels of the error map. */
const WRONG_PIXELS = `(() => {
  const canvas = document.querySelector('canvas.label-map');
  if (!canvas) return -1;
  // A copy for reading: Chromium would warn about reading a canvas that the page draws on.
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((value, index) => index % 4 === 3 && value > 0).length;
})()`;

test('runs are compared, and the runners page shows what is training', async () => {
  await board.queue('first to compare');
  await board.runner.claimRun();
  await board.runner.evaluation(10, 'BRANCH1', [0.3, 0.2, 0.1]);
  await board.runner.finish('FAILED', 'the loss is NaN at step 11');
  const id = await board.queue('second to compare');
  await board.runner.claimRun();
  await board.runner.evaluation(10, 'BRANCH1', [0.6, 0.5, 0.4]);
  await board.open('/?text=to+compare');
  for (const name of ['first to compare', 'second to compare']) await board.row(name).getByRole('checkbox').check();
  await board.page.getByRole('link', { name: 'Compare', exact: true }).click();
  const mean = board.page.getByRole('row', { name: /^Mean IoU/ });
  await mean.getByText('20.0').waitFor();
  await mean.getByText('50.0').waitFor();

  await board.page.getByRole('link', { name: 'Runners' }).click();
  await board
    .row('gpu-box')
    .getByRole('link', { name: /second to compare/ })
    .waitFor();
  await board.row('gpu-box').getByText('367 training images, 101 validation, 233 test; 3 classes').waitFor();
  await board.page.getByText('Add a runner').click();
  await board.page.getByLabel('Label', { exact: true }).fill('gpu-box in room 4');
  await board.page.getByRole('button', { name: 'Create registration token' }).click();
  await board.page.getByText(`npx crosscheck runner register --server ${board.stack.url}`).waitFor();
  await board.runner.finish('SUCCEEDED');
  await board.row('gpu-box').getByText('nothing', { exact: true }).waitFor();
  await board.open(`/runs/${id}`);
  await board.page.getByText('Completed').first().waitFor();
  expect(board.complaints).toEqual([]);
});

test('a series of any name is drawn, and an error on a page leaves the others reachable', async () => {
  const id = await board.queue('with an odd series');
  let change = (run: Run) => {
    run.metrics &&= [{ __typename: 'MetricHistory', name: '__proto__', steps: [1, 2], values: [1, 2], total: 2 }];
  };
  // The server refuses such a name today, but a database can hold one from before.
  await board.page.route('**/graphql', async (route) => {
    const response = await route.fetch();
    const json = (await response.json()) as { data?: { run?: Run } };
    if (json.data?.run) change(json.data.run);
    await route.fulfill({ response, json });
  });
  await board.open(`/runs/${id}`);
  await board.page.getByRole('figure').filter({ hasText: 'proto' }).waitFor();
  expect(board.complaints).toEqual([]);

  change = (run) => {
    run.metrics &&= [{ __typename: 'MetricHistory', name: null, steps: [1], values: [1], total: 1 }];
  };
  await board.open(`/runs/${id}`);
  await board.page.getByRole('alert').filter({ hasText: 'This page cannot be shown because of an error' }).waitFor();
  await board.page.getByRole('link', { name: 'Studies' }).click();
  await board.page.getByRole('heading', { name: 'Studies' }).waitFor();
  await board.expectNoReload();
  await board.page.unrouteAll({ behavior: 'wait' });
});

interface Run {
  metrics?: object[];
}

test('a page shows that the server is unavailable, and recovers when it is back', async () => {
  const id = await board.queue('survives a restart');
  await board.open(`/runs/${id}`);
  await board.page.getByText('Queued', { exact: true }).first().waitFor();
  await board.stack.server!.stop();
  await board.page.getByText('reconnecting').waitFor();
  await board.stack.startServer();
  await board.live().waitFor();
  await board.runner.claimRun();
  await board.page.getByText('Running', { exact: true }).first().waitFor();
  await board.expectNoReload();
  await board.runner.finish('CANCELED');
});

test('pages that do not exist say so', async () => {
  await board.open('/runs/00000000-0000-4000-8000-000000000000');
  await board.page.getByText('Run not found').waitFor();
  await board.open('/no/such/page');
  await board.page.getByText('Page not found').waitFor();
});

test('the search box takes part of a name and filters, which links keep, and says where a filter is wrong', async () => {
  await board.queue('found by its name');
  await board.queue('not found');
  await board.open('/');
  const search = board.page.getByRole('searchbox', { name: 'Search' });
  const names = async () => (await board.page.locator('tbody tr').allInnerTexts()).filter((text) => /found/.test(text));
  await search.fill('found by');
  await until('one run', 30, async () => (await names()).length === 1);
  await search.fill('state = queued and name contains "not f"');
  await until('the other run', 30, async () => (await names()).join().includes('not found'));
  expect(await names()).toHaveLength(1);
  await board.page.reload();
  await board.row('not found').waitFor();
  expect(await search.inputValue()).toBe('state = queued and name contains "not f"');
  await search.fill('trainig.iterations > 5');
  await board.page
    .getByText('character 1: "trainig.iterations" is unknown; did you mean "training.iterations"?')
    .waitFor();
  expect(await board.page.locator('tbody tr').count()).toBe(0);
});
