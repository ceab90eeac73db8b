import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { crosscheck } from '../cli/testing/crosscheck.js';
import type { Program } from '../processes/program.js';
import { until } from '../processes/until.js';
import { openBrowser } from './support/browser.js';
import { startCrosscheck } from './support/crosscheck.js';
import { PrefixProxy } from './support/prefix-proxy.js';
import { TestStack } from './support/test-stack.js';

/** Everything at http://host/lab/crosscheck, where a proxy strips the path: a runner, the command line and the dashboard. */
const TOKEN = 'the-token-of-an-administrator';
const CONFIG = {
  dataset: 'shapes',
  split: { labelledImages: 4 },
  method: { name: 'supervised' },
  network: { width: 0.0625 },
  augmentation: { crop: [32, 32] },
  training: {
    iterations: 100_000,
    batchLabelled: 2,
    evaluateEvery: 5,
    evaluateImages: 2,
    sampleEvery: 5,
    sampleImages: 1,
    checkpointEvery: 5,
  },
};

const stack = new TestStack({
  AUTH: 'on',
  TRUST_PROXY: 'loopback',
  CROSSCHECK_USER_TOKEN: TOKEN,
  CROSSCHECK_REGISTRATION_TOKEN: 'a-registration-token-for-the-runner',
});
const proxy = new PrefixProxy('/lab/crosscheck', () => stack.url);
const home = join(stack.folder, 'home');
/** The options of commands that talk to the server. */
let at: string[];
let browser: Browser;
let runner: Program;
let id: string;

const startRunner = () => startCrosscheck(['runner', 'start', '--home', home]);
const send = <T>(query: string, variables: object = {}) => stack.send<T>(query, variables, TOKEN);

beforeAll(async () => {
  [browser] = await Promise.all([openBrowser(), stack.startServer(), proxy.listen()]);
  at = ['--server', `${proxy.url}/`, '--token', TOKEN];
  const options = ['--server', proxy.url, '--home', home, '--engine', 'wasm', '--name', 'behind'];
  const env = { CROSSCHECK_REGISTRATION_TOKEN: 'a-registration-token-for-the-runner' };
  await startCrosscheck(['runner', 'register', ...options], env).finished();
  runner = startRunner();
}, 120_000);
afterEach(({ task }) => {
  if (task.result?.state === 'fail') console.error(`${stack.output}\n${runner.output}`);
});
afterAll(async () => {
  await browser?.close();
  await runner?.kill();
  await proxy.close();
  await stack.close();
});

interface Run {
  step: number;
  attempts: { state: string }[];
}

test('a runner registers, uploads checkpoints and resumes from them', async () => {
  const create = 'mutation ($config: JSONObject!) { createRun(input: { name: "far away", config: $config }) { id } }';
  id = (await send<{ createRun: { id: string } }>(create, { config: CONFIG })).createRun.id;
  const look = async () => (await send<{ run: Run }>(`{ run(id: "${id}") { step attempts { state } } }`)).run;
  await until('a checkpoint', 120, async () => (await look()).step > 5);
  expect(await runner.stop()).toBe(0);
  runner = startRunner();
  await until('the run to resume', 120, async () => {
    const { out } = await crosscheck('run', 'logs', '1', ...at);
    return out.some((line) => /attempt 2 resumes from step \d/.test(line));
  });
  expect((await look()).attempts.map(({ state }) => state)).toEqual(['RELEASED', 'ACTIVE']);
  expect((await crosscheck('run', 'cancel', '1', ...at)).code).toBe(0);
});

test('the command line reads and queues runs, and prints addresses of the dashboard', async () => {
  const list = await crosscheck('run', 'list', ...at);
  expect(list.out.join('\n')).toContain('far away');
  const recipe = join(stack.folder, 'recipe.json');
  writeFileSync(recipe, JSON.stringify({ ...CONFIG, training: { iterations: 2, batchLabelled: 2 } }));
  const queued = await crosscheck('queue', recipe, ...at);
  expect(queued.out.join('\n'), queued.err.join('\n')).toContain(`: ${proxy.url}/runs/`);
  expect((await crosscheck('runner', 'status', '--home', home)).out.join('\n')).toContain(`server    ${proxy.url},`);
});

test('the dashboard signs in, follows its links, loads its images, and survives a reload of any page', async () => {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(`${proxy.url}/`);
  await page.getByLabel('User token').fill(TOKEN);
  // The answer to the query that had no token.
  complaints.length = 0;
  await page.getByRole('button', { name: 'Sign in' }).click();
  await live(page);
  await page.getByRole('link', { name: 'far away' }).click();
  await page.waitForURL(`${proxy.url}/runs/${id}`);
  for (const reload of [false, true]) {
    if (reload) await page.reload();
    await live(page);
    await page
      .getByRole('button', { name: /^Enlarge Network 1/ })
      .first()
      .waitFor();
    await until('the images to be loaded', 30, () => page.evaluate(LOADED));
  }
  await page.getByRole('link', { name: 'Runners' }).click();
  await page.waitForURL(`${proxy.url}/runners`);
  await page.getByRole('rowheader', { name: 'behind' }).waitFor();
  expect(await page.evaluate('Object.keys(localStorage)')).toEqual(['crosscheck.token/lab/crosscheck']);
  const cookies = await page.context().cookies();
  expect(cookies.map(({ name, path }) => [name, path])).toEqual([
    [expect.stringMatching(/^crosscheck_token_\d+$/), '/lab/crosscheck/blobs'],
  ]);
  expect(complaints).toEqual([]);
  expect((await page.goto(`${proxy.url}/runs/1/nothing`))!.status()).toBe(404);
  await page.getByText('Page not found').waitFor();
  await page.close();
});

test('nothing asks for a path outside the prefix', () => {
  expect(proxy.strayed).toEqual([]);
});

const live = (page: Page) =>
  page
    .getByRole('status')
    .filter({ hasText: /^live$/ })
    .waitFor();

/** Whether the page has images, and all of them have arrived. */
const LOADED = `(() => {
  const images = [...document.querySelectorAll('.overlay img')];
  return images.length > 1 && images.every((image) => image.complete && image.naturalWidth > 0);
})()`;
