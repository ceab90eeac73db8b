import { join } from 'node:path';
import { openBrowser } from './support/browser.js';

/**
 * Takes the README's screenshots of a running server: `node dist/e2e/screenshots.js URL RUN_ID OUT` writes dashboard-run.png and,
 * if the run belongs to a study, dashboard-study.png into the folder OUT.
 */
const [url, runId, out] = process.argv.slice(2);
if (!url || !runId || !out) {
  console.error('usage: node dist/e2e/screenshots.js URL RUN_ID OUT');
  process.exit(2);
}

/** The page has loaded everything, including its images. */
const COMPLETE = `!document.querySelector('.loading') && document.querySelector('table')
  && [...document.images].every((image) => image.complete)`;

const browser = await openBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1990 }, colorScheme: 'light' });
  await page.goto(`${url}/runs/${runId}`);
  await page.getByRole('heading', { name: 'Metrics' }).waitFor();
  await page.waitForFunction(COMPLETE);
  await page.screenshot({ path: join(out, 'dashboard-run.png') });

  const study = page.locator('dd a[href^="/studies/"]');
  if ((await study.count()) > 0) {
    // The table is short: full pages are at least as tall as the window.
    await page.setViewportSize({ width: 1280, height: 680 });
    await study.click();
    await page.getByRole('heading', { name: 'Table' }).waitFor();
    await page.waitForFunction(COMPLETE);
    await page.screenshot({ path: join(out, 'dashboard-study.png'), fullPage: true });
  }
} finally {
  await browser.close();
}
