import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { overflowOf, violationsOf } from './support/accessibility.js';
import { openBrowser } from './support/browser.js';

const root = join(import.meta.dirname, '..');
let server: ViteDevServer;
let browser: Browser;

beforeAll(async () => {
  [browser, server] = await Promise.all([
    openBrowser(),
    createServer({ configFile: join(root, 'web/vite.config.ts'), logLevel: 'error', server: { port: 0, proxy: {} } }),
  ]);
  await server.listen();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test('every component has stories', () => {
  const files = readdirSync(join(root, 'web/components'));
  const components = files.filter((file) => /^[\w-]+\.tsx$/.test(file));
  expect(components.length).toBeGreaterThan(10);
  expect(components.filter((file) => !files.includes(file.replace('.tsx', '.stories.tsx')))).toEqual([]);
});

test.each([
  { locale: 'en-US', colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  { locale: 'ko-KR', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const)('all stories are drawn, pass axe and fit: $locale, $colorScheme', async (look) => {
  const page = await browser.newPage(look);
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(`${server.resolvedUrls!.local[0]}stories.html`);
  await page.getByRole('heading', { name: 'components/swatch' }).waitFor();
  expect(await page.locator('[data-story]').count()).toBeGreaterThan(40);
  expect(await violationsOf(page)).toEqual([]);
  expect(await overflowOf(page)).toBe(0);
  expect(complaints).toEqual([]);
  await page.close();
});
