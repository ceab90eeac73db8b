import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page, Route } from 'playwright-core';
import { until } from '../processes/until.js';
import { overflowOf, violationsOf } from './support/accessibility.js';
import { openBrowser } from './support/browser.js';

/**
 * Takes pictures of every page of a running server: light and dark, at each width, with data, empty, loading and failing.
 * `node dist/e2e/screenshots.js URL RUN_ID OUT [LANGUAGE]` writes them into the folder OUT, and those of the README
 * (dashboard-run.png, dashboard-study.png) beside them. It fails if a page is wider than its window, has an error in its console, or
 * violates a rule of axe-core.
 */
const [url, runId, out, locale = 'en'] = process.argv.slice(2);
if (!url || !runId || !out) {
  console.error('usage: node dist/e2e/screenshots.js URL RUN_ID OUT [LANGUAGE]');
  process.exit(2);
}

const WIDTHS = [1440, 1024, 390];
const LOOKS = ['light', 'dark'] as const;
const HEIGHT = 900;
const NOTHING = '00000000-0000-4000-8000-000000000000';

/** The page has loaded everything, including its images. */
const COMPLETE = `!document.querySelector('.loading') && !!document.querySelector('main h1, main .empty-title, main .notice')
  && [...document.images].every((image) => image.complete)`;
/** Refusing to answer is the point there, and browsers report it. */
const IS_REFUSED = /net::ERR_FAILED/;

interface Shot {
  name: string;
  path: string;
  /** What happens to the page's requests. */
  answer?: 'never' | 'failure';
}

/** Asks the server, which needs no token here. */
async function ask<Data>(query: string): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return ((await response.json()) as { data: Data }).data;
}

const { run, runs, datasets } = await ask<{
  run: { study: { id: string } | null };
  runs: { edges: { node: { id: string } }[] };
  datasets: { id: string }[];
}>(`{ run(id: "${runId}") { study { id } } runs(first: 3) { edges { node { id } } } datasets { id } }`);

const shots: Shot[] = [
  { name: 'runs', path: '/' },
  { name: 'runs-no-match', path: '/?text=nothing+like+it' },
  { name: 'runs-refused', path: '/?text=miou+%3E' },
  { name: 'runs-loading', path: '/', answer: 'never' },
  { name: 'runs-failing', path: '/', answer: 'failure' },
  { name: 'run', path: `/runs/${runId}` },
  { name: 'run-loading', path: `/runs/${runId}`, answer: 'never' },
  { name: 'run-failing', path: `/runs/${runId}`, answer: 'failure' },
  { name: 'run-not-found', path: `/runs/${NOTHING}` },
  { name: 'compare', path: `/compare?runs=${runs.edges.map(({ node }) => node.id).join(',')}` },
  { name: 'compare-empty', path: '/compare' },
  { name: 'studies', path: '/studies' },
  ...(run.study ? [{ name: 'study', path: `/studies/${run.study.id}` }] : []),
  { name: 'study-not-found', path: `/studies/${NOTHING}` },
  { name: 'datasets', path: '/datasets' },
  ...datasets.slice(0, 1).map(({ id }) => ({ name: 'dataset', path: `/datasets/${id}` })),
  { name: 'runners', path: '/runners' },
  { name: 'new-study', path: '/new' },
  { name: 'new-run', path: '/new?kind=run' },
  { name: 'not-found', path: '/nowhere' },
];

const problems: string[] = [];

/** Waits until the page is complete. Asked again and again, because its policy forbids what could wait inside it. */
async function complete(page: Page): Promise<void> {
  await until('the page to be complete', 60, async () => (await page.evaluate(COMPLETE)) === true);
}

/** Opens a page with its requests answered as the shot wants, and waits until it shows what it will show. */
async function open(page: Page, { path, answer }: Shot): Promise<void> {
  if (answer) {
    const handle = (route: Route) => (answer === 'failure' ? route.abort() : new Promise<void>(() => {}));
    await page.route('**/graphql', handle);
  }
  await page.goto(url + path);
  if (answer === 'never') await page.locator('.loading').first().waitFor();
  else await complete(page);
}

async function take(browser: Browser, shot: Shot, width: number, colorScheme: (typeof LOOKS)[number]): Promise<void> {
  const name = `${shot.name}-${width}-${colorScheme}`;
  const page = await browser.newPage({ viewport: { width, height: HEIGHT }, colorScheme, locale });
  const complain = (text: string) => {
    if (!(shot.answer && IS_REFUSED.test(text))) problems.push(`${name}: ${text}`);
  };
  page.on('pageerror', (error) => complain(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complain(message.text());
  });
  await open(page, shot);
  const overflow = await overflowOf(page);
  if (overflow > 0) complain(`is ${overflow} px wider than its window`);
  for (const violation of await violationsOf(page)) complain(violation);
  await page.screenshot({ path: join(out!, `${name}.png`), fullPage: true });
  await page.close();
}

/** The README's pictures. */
async function takeForReadme(browser: Browser): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1990 }, colorScheme: 'light', locale: 'en' });
  await page.goto(`${url}/runs/${runId}`);
  await complete(page);
  await page.screenshot({ path: join(out!, 'dashboard-run.png') });
  if (run.study) {
    // The table is short: full pages are at least as tall as the window.
    await page.setViewportSize({ width: 1280, height: 680 });
    await page.goto(`${url}/studies/${run.study.id}`);
    await complete(page);
    await page.screenshot({ path: join(out!, 'dashboard-study.png'), fullPage: true });
  }
  await page.close();
}

mkdirSync(out, { recursive: true });
const browser = await openBrowser();
try {
  for (const shot of shots) {
    for (const width of WIDTHS) for (const look of LOOKS) await take(browser, shot, width, look);
  }
  await takeForReadme(browser);
} finally {
  await browser.close();
}
for (const problem of problems) console.error(problem);
console.log(`${shots.length * WIDTHS.length * LOOKS.length} pictures in ${out}; ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
