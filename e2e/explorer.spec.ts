import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './support/browser.js';
import { PrefixProxy } from './support/prefix-proxy.js';
import { ReportingRunner } from './support/reporting-runner.js';
import { TestStack } from './support/test-stack.js';

/** GraphiQL at http://host/lab/crosscheck/graphiql, where a proxy strips the path, on a server that requires tokens. */
const TOKEN = 'the-token-of-an-administrator';
const REGISTRATION = 'a-registration-token-for-this-test';
const stack = new TestStack({
  AUTH: 'on',
  TRUST_PROXY: 'loopback',
  CROSSCHECK_USER_TOKEN: TOKEN,
  CROSSCHECK_REGISTRATION_TOKEN: REGISTRATION,
});
const proxy = new PrefixProxy('/lab/crosscheck', () => stack.url);
let browser: Browser;

beforeAll(async () => {
  [browser] = await Promise.all([openBrowser(), stack.startServer(), proxy.listen()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await proxy.close();
  await stack.close();
});

const execute = (page: Page) => page.getByRole('button', { name: /^Execute query/ }).click();
const answers = (page: Page, text: RegExp) => page.locator('.result-window').filter({ hasText: text }).waitFor();
/** Replaces what is in the query editor. */
async function write(page: Page, document: string): Promise<void> {
  await page.locator('.graphiql-query-editor .CodeMirror').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(document);
}

test('whoever is signed in reads the schema, executes examples and follows subscriptions', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(30_000);
  const elsewhere: string[] = [];
  page.on('request', (request) => request.url().startsWith(`${proxy.url}/`) || elsewhere.push(request.url()));
  await page.addInitScript(`
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective + ' ' + event.blockedURI));
  `);
  const runner = new ReportingRunner(
    { url: stack.url, send: stack.send.bind(stack), registrationToken: async () => REGISTRATION },
    'box',
    { name: 'streets', classes: ['sky', 'road'].map((name, i) => ({ name, color: `#80404${i}` })) },
  );
  await runner.register();
  await page.goto(`${proxy.url}/`);
  await page.getByLabel('User token').fill(TOKEN);
  expect(await page.locator('script[src*="explorer"], link[href*="explorer"]').count()).toBe(0);
  await page.getByRole('button', { name: 'Sign in' }).click();
  // Signing in loads the page again, which must be over before another is opened.
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  await page.getByRole('link', { name: 'API' }).click();
  await page.waitForURL(`${proxy.url}/graphiql`);

  await page.getByRole('region', { name: 'Examples' }).getByRole('button', { name: 'First page' }).click();
  await execute(page);
  await answers(page, /"runs": \{/);

  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await page.getByRole('link', { name: 'Query' }).click();
  await page.getByText('The object with this id').waitFor();

  await write(page, '{ nothing }');
  await page.locator('.CodeMirror-lint-mark-error').first().waitFor();
  const config = { dataset: 'streets', split: { labelledRatio: 0.125 }, method: { name: 'cps' } };
  const create = 'mutation ($config: JSONObject!) { createRun(input: { config: $config }) { id } }';
  const { id } = (await stack.send<{ createRun: { id: string } }>(create, { config }, TOKEN)).createRun;
  await write(page, `subscription { runChanged(runId: "${id}") { state } }`);
  await execute(page);
  await answers(page, /"state": "QUEUED"/);
  await stack.send('mutation ($id: ID!) { cancelRun(id: $id) { id } }', { id }, TOKEN);
  await answers(page, /"state": "CANCELED"/);
  await page.getByRole('button', { name: /^Stop query/ }).click();

  // A reload keeps the query, and the browser's tab forgets it when it is closed.
  await page.reload();
  await page.locator('.graphiql-query-editor').filter({ hasText: 'runChanged' }).waitFor();
  expect(await page.evaluate('Object.keys(localStorage)')).toEqual(['crosscheck.token/lab/crosscheck']);
  for (const dialog of ['Open short keys dialog', 'Open settings dialog']) {
    await page.getByRole('button', { name: dialog }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
  }
  expect(await page.evaluate('window.violations')).toEqual([]);
  expect(elsewhere).toEqual([]);
  expect(proxy.strayed).toEqual([]);
  await page.close();
});

test('whoever is not signed in is asked for a token', async () => {
  const page = await browser.newPage();
  await page.goto(`${proxy.url}/graphiql`);
  await page.getByRole('heading', { name: 'Sign in with a token' }).waitFor();
  await page.close();
});
