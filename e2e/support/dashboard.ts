import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { openBrowser } from './browser.js';
import { ReportingRunner } from './reporting-runner.js';
import { TestStack } from './test-stack.js';

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

/** The dashboard in a real browser, on a real server, with a runner that reports known numbers. Each test gets a new page. */
export class Dashboard {
  readonly stack = new TestStack();
  private browser: Browser | undefined;
  private current: { page: Page; runner: ReportingRunner } | undefined;
  /** Errors and warnings of the browser. */
  readonly complaints: string[] = [];

  /** Registers the hooks in the test file that calls it. */
  constructor() {
    beforeAll(async () => {
      await this.stack.startServer();
      this.browser = await openBrowser();
    }, 120_000);
    afterAll(async () => {
      await this.browser?.close();
      await this.stack.close();
    });
    beforeEach(() => this.begin());
    afterEach(() => this.leave());
  }

  get page(): Page {
    return this.current!.page;
  }

  get runner(): ReportingRunner {
    return this.current!.runner;
  }

  async queue(name: string): Promise<string> {
    const answer = await this.stack.send<{ createRun: { id: string } }>(
      'mutation ($input: CreateRunInput!) { createRun(input: $input) { id } }',
      { input: { name, config: CONFIG } },
    );
    return answer.createRun.id;
  }

  /** Opens a page and marks its document, so that expectNoReload can detect a reload. */
  async open(path: string): Promise<void> {
    await this.page.goto(this.stack.url + path);
    await this.live().waitFor();
    await this.page.evaluate('window.neverReloaded = true');
  }

  async expectNoReload(): Promise<void> {
    expect(await this.page.evaluate('window.neverReloaded')).toBe(true);
  }

  /** The indicator that the page is live. */
  live(): Locator {
    return this.page.getByRole('status').filter({ hasText: /^live$/ });
  }

  row(name: string): Locator {
    return this.page.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name }) });
  }

  private async begin(): Promise<void> {
    const runner = new ReportingRunner(this.stack, 'gpu-box', DATASET);
    await runner.register();
    const page = await this.browser!.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(30_000);
    this.complaints.length = 0;
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    this.current = { page, runner };
  }

  /** Cleans up, even after a failed test, so that the runner of the next test has nothing to claim. */
  private async leave(): Promise<void> {
    await this.page.close();
    const open = `{ runs(query: "state in (queued, running)", first: 100) { edges { node { id } } } runners { id } }`;
    const left = await this.stack.send<{ runs: { edges: { node: { id: string } }[] }; runners: { id: string }[] }>(
      open,
    );
    const send = (mutation: string, of: { id: string }) => this.stack.send(`mutation ($id: ID!) { ${mutation} }`, of);
    for (const { node } of left.runs.edges) await send('cancelRun(id: $id) { id }', node);
    for (const each of left.runners) await send('removeRunner(id: $id)', each);
  }
}
