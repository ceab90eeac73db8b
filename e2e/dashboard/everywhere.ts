import { expect, test } from 'vitest';
import { until } from '../../processes/until.js';
import { overflowOf, violationsOf } from '../support/accessibility.js';
import { board } from './board.js';

const IOUS = [0.8, 0.6, 0.4];

/** Everything on the page has been loaded. */
const COMPLETE = `!document.querySelector('.loading') && [...document.images].every((image) => image.complete)`;

test('every page passes axe and fits into a narrow window, light and in English, dark and in Korean', async () => {
  const input = {
    name: 'which method?',
    base: { dataset: 'streets', split: { labelledRatio: 0.125 }, training: { iterations: 100 } },
    matrix: { methods: [{ name: 'supervised' }, { name: 'cps' }], seeds: [0] },
  };
  const { createStudy } = await board.stack.send<{ createStudy: { id: string } }>(
    'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
    { input },
  );
  const ids: string[] = [];
  for (const outcome of ['SUCCEEDED', null] as const) {
    ids.push(await board.runner.claimRun());
    await board.runner.setUp();
    await board.runner.points(10, { 'loss/branch1': 2.25, lr: 0.05 });
    await board.runner.evaluation(10, 'BRANCH1', IOUS);
    await board.runner.report({ alarms: [{ step: 10, kind: 'STALLED', message: 'no step for 10 minutes' }] });
    await board.runner.sample(10, 'street-1', 'INPUT', 2, 1, Buffer.from([10, 20, 30, 255, 40, 50, 60, 255]));
    await board.runner.sample(10, 'street-1', 'BRANCH1', 2, 1, Buffer.from([128, 64, 128, 255, 128, 64, 128, 255]));
    if (outcome) await board.runner.finish(outcome);
  }
  const { datasets } = await board.stack.send<{ datasets: { id: string }[] }>('{ datasets { id } }');
  const nothing = '00000000-0000-4000-8000-000000000000';
  const paths = [
    ...['/', '/?text=nothing+like+it', '/?text=miou+%3E', `/runs/${ids[1]}`, `/runs/${nothing}`],
    ...[`/compare?runs=${ids.join(',')}`, '/compare', '/studies', `/studies/${createStudy.id}`, `/studies/${nothing}`],
    ...['/datasets', `/datasets/${datasets[0]!.id}`, '/runners', '/new', '/new?kind=run', '/nowhere'],
  ];
  const browser = board.page.context().browser()!;
  for (const look of [
    { locale: 'en-US', colorScheme: 'light', viewport: { width: 1280, height: 900 } },
    { locale: 'ko-KR', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
  ] as const) {
    const page = await browser.newPage(look);
    page.setDefaultTimeout(30_000);
    for (const path of paths) {
      await page.goto(board.stack.url + path);
      await page.locator('main h1, main .empty-title').first().waitFor();
      await until('the page to be complete', 60, async () => (await page.evaluate(COMPLETE)) === true);
      expect([path, look.locale, await violationsOf(page)]).toEqual([path, look.locale, []]);
      expect([path, look.locale, await overflowOf(page)]).toEqual([path, look.locale, 0]);
    }
    await page.close();
  }
  await board.runner.finish('CANCELED');
});

test('the language and the colours are those of the browser, until somebody chooses others, which are remembered', async () => {
  const page = await board.page.context().browser()!.newPage({ locale: 'ko-KR', colorScheme: 'dark' });
  page.setDefaultTimeout(30_000);
  const dark = () => page.evaluate(`document.documentElement.dataset.theme`);
  await page.goto(board.stack.url);
  await page.getByRole('heading', { name: '실행' }).waitFor();
  expect([await page.title(), await page.evaluate('document.documentElement.lang'), await dark()]).toEqual([
    '실행 · Crosscheck',
    'ko',
    'dark',
  ]);
  await page.getByRole('link', { name: '러너' }).click();
  await page.getByText('현재 학습 중').waitFor();
  await page.getByRole('button', { name: '설정' }).click();
  await page.getByRole('radio', { name: '밝게' }).click();
  await page.getByRole('radio', { name: 'English' }).click();
  await page.getByText('Currently training').waitFor();
  expect([await page.title(), await dark()]).toEqual(['Runners · Crosscheck', 'light']);
  await page.reload();
  await page.getByText('Currently training').waitFor();
  expect(await dark()).toBe('light');
  await page.close();
});

test('the server’s errors are in the language of the page', async () => {
  const page = await board.page.context().browser()!.newPage({ locale: 'ko-KR' });
  page.setDefaultTimeout(30_000);
  await page.goto(`${board.stack.url}/?text=trainig.iterations+%3E+5`);
  await page.getByText('"trainig.iterations"을(를) 알 수 없습니다. 혹시 "training.iterations"인가요?').waitFor();
  await page.close();
});

test('all pages are reached with the keyboard, and "?" lists the keys', async () => {
  await board.open('/');
  await board.page.keyboard.press('?');
  const list = board.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await list.waitFor();
  expect(await violationsOf(board.page)).toEqual([]);
  // Keys do nothing behind a dialog.
  await board.page.keyboard.press('g');
  await board.page.keyboard.press('s');
  await board.page.keyboard.press('Escape');
  await list.waitFor({ state: 'detached' });
  await board.page.getByRole('heading', { name: 'Runs' }).waitFor();
  for (const [key, heading] of [
    ['s', 'Studies'],
    ['d', 'Datasets'],
    ['m', 'Runners'],
    ['n', 'New study'],
    ['r', 'Runs'],
  ] as const) {
    await board.page.keyboard.press('g');
    await board.page.keyboard.press(key);
    await board.page.getByRole('heading', { name: heading, exact: true }).waitFor();
  }
  await board.page.keyboard.press('/');
  const search = board.page.getByRole('searchbox', { name: 'Search' });
  const focused = () => board.page.evaluate('document.activeElement.type === "search"');
  await until('the search box to have the focus', 10, async () => (await focused()) === true);
  // They are text there.
  await board.page.keyboard.type('gs?t');
  expect(await search.inputValue()).toBe('gs?t');
  await board.expectNoReload();
  expect(board.complaints).toEqual([]);
});

test('a connection that is silent is said and heals, and a form that could not be sent keeps its text', async () => {
  let isSilent = false;
  await board.page.routeWebSocket('**/graphql', (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => !isSilent && server.send(message));
    server.onMessage((message) => !isSilent && socket.send(message));
  });
  await board.open('/new?kind=run');
  const bar = board.page.getByRole('alert').filter({ hasText: 'Connection lost' });
  await board.page.getByLabel('Name').waitFor();
  await board.live().waitFor();
  expect(await bar.count()).toBe(0);
  isSilent = true;
  await board.page.route('**/graphql', (route) => route.abort());
  await bar.waitFor();
  await board.page.getByLabel('Name').fill('typed while offline');
  await board.page.getByRole('button', { name: 'Queue run' }).click();
  await board.page.getByText('What you typed is kept: press again when the server is back.').waitFor();
  isSilent = false;
  await board.page.unroute('**/graphql');
  await bar.waitFor({ state: 'detached' });
  expect(await board.page.getByLabel('Name').inputValue()).toBe('typed while offline');
  await board.page.getByRole('button', { name: 'Queue run' }).click();
  await board.page.getByRole('heading', { name: 'typed while offline' }).waitFor();
  await board.expectNoReload();
});

test('rows of another filter are never shown under the one that is being read', async () => {
  await board.queue('seen at first');
  await board.queue('asked for next');
  await board.open('/?text=seen+at+first');
  await board.row('seen at first').waitFor();
  let deliver: (() => Promise<void>) | undefined;
  await board.page.route('**/graphql', async (route) => {
    const response = await route.fetch();
    const isNext = /asked for next/.test(route.request().postData() ?? '');
    if (!deliver && isNext) deliver = () => route.fulfill({ response });
    else await route.fulfill({ response });
  });
  await board.page.getByRole('searchbox', { name: 'Search' }).fill('asked for next');
  await until('the list to be asked for', 30, () => deliver !== undefined);
  await board.page.getByText('Loading…').waitFor();
  expect(await board.row('seen at first').count()).toBe(0);
  await deliver!();
  await board.row('asked for next').waitFor();
  await board.page.unrouteAll({ behavior: 'wait' });
});

test('a page that watches one run asks nothing but its socket', async () => {
  const id = await board.queue('watched in silence');
  await board.runner.claimRun();
  await board.runner.setUp();
  await board.runner.points(5, { 'loss/branch1': 2.25 });
  await board.open(`/runs/${id}`);
  await board.page.getByRole('button', { name: /network 1 2\.25/ }).waitFor();
  await board.page.waitForLoadState('networkidle');
  const asked: string[] = [];
  board.page.on('request', (request) => asked.push(request.postData() ?? request.url()));
  for (let step = 6; step < 10; step++) await board.runner.points(step, { 'loss/branch1': step });
  await board.page.getByRole('button', { name: /network 1 9/ }).waitFor();
  await board.page.getByRole('link', { name: 'Runs' }).click();
  await board.row('watched in silence').waitFor();
  await board.page.waitForLoadState('networkidle');
  const ofPages = asked.length;
  for (let step = 10; step < 14; step++) await board.runner.points(step, { 'loss/branch1': step });
  await board.row('watched in silence').getByText('13 / 100').waitFor();
  expect(asked.slice(ofPages)).toEqual([]);
  expect(asked.slice(0, ofPages).filter((each) => /RunMetrics|"Run"/.test(each))).toEqual([]);
  await board.runner.finish('CANCELED');
});
