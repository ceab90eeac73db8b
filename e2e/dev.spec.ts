import { spawnSync } from 'node:child_process';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { freePort } from '../processes/free-port.js';
import { Program } from '../processes/program.js';
import { until } from '../processes/until.js';
import { openBrowser } from './support/browser.js';
import { WorkingCopy } from './support/working-copy.js';

const RESOLVER = 'server/server-info/server.resolver.ts';

let copy: WorkingCopy;
let development: Program;
let browser: Browser;
let port: number;
let dashboard: string;

beforeAll(async () => {
  copy = new WorkingCopy();
  port = await freePort();
  const ports = ['--port', String(port), '--web-port', String(await freePort())];
  // Its own process group, which receives Ctrl-C as it would from a terminal.
  development = new Program({
    name: 'development session',
    command: ['npm', 'run', 'dev', '--', '--runner', '--home', `${copy.folder}/home`, ...ports],
    cwd: copy.folder,
    detached: true,
  });
  await printed('Press Ctrl-C to stop');
  dashboard = /Dashboard: (\S+)\//.exec(development.output)![1]!;
  browser = await openBrowser();
}, 180_000);

afterEach(({ task }) => {
  if (task.result?.state === 'fail') console.error(development.output);
});

afterAll(async () => {
  await browser?.close();
  if (development?.isRunning) {
    process.kill(-development.pid, 'SIGINT');
    await until('npm run dev to end', 30, () => !development.isRunning).catch(() =>
      process.kill(-development.pid, 'SIGKILL'),
    );
  }
  copy?.remove();
}, 60_000);

/** Waits until it has printed `text` after position `from` of its output. */
const printed = (text: string, from = 0): Promise<void> => development.printed(text, 120, from);

/** Asks the server through the dashboard's address; null while it cannot answer. */
async function ask<T>(query: string, variables: object = {}): Promise<T | null> {
  const response = await fetch(`${dashboard}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  if (!response.headers.get('content-type')?.includes('json')) return null;
  const { data, errors } = (await response.json()) as { data?: T; errors?: { message: string }[] };
  // The field is unknown until the first edit has taken effect.
  if (errors?.some(({ message }) => !message.startsWith('Cannot query field'))) throw new Error(errors[0]!.message);
  return data ?? null;
}

const motto = async (): Promise<string | undefined> =>
  (await ask<{ server: { motto: string } }>('{ server { motto } }'))?.server.motto;

function mottoIs(expected: string): Promise<true> {
  return until(`the motto "${expected}"`, 60, async () => (await motto()) === expected);
}

test('an edited resolver answers, and the schema and the documents are updated', async () => {
  copy.edit(
    RESOLVER,
    'authRequired!: boolean;',
    'authRequired!: boolean;\n\n  @Field(() => String)\n  motto?: string;',
  );
  copy.edit(RESOLVER, 'return this.services.serverInfo;', "return { ...this.services.serverInfo, motto: 'first' };");
  await mottoIs('first');
  await until('schema.graphql', 60, () => copy.read('schema/schema.graphql').includes('motto: String!'));
  copy.write('schema/operations/web/edited.graphql', 'query Edited { server { motto } }');
  const generated = () => copy.read('schema/generated/web/graphql.ts');
  await until('schema/generated', 60, () => generated().includes('export const EditedDocument'));
  // The server knows the documents of the dashboard, so it starts again.
  const written = 'schema/generated written';
  await printed(written);
  await printed('Crosscheck is up', development.output.indexOf(written));
});

test('an edited page updates without a reload, with live data', async () => {
  const page = await browser.newPage();
  await page.goto(dashboard);
  await page
    .getByRole('status')
    .filter({ hasText: /^live$/ })
    .waitFor();
  // The page is loaded on its own, so the connection may be live before it is shown.
  await page.getByRole('heading', { name: 'Runs', exact: true }).waitFor();
  await page.evaluate('window.neverReloaded = true');
  copy.edit('web/pages/runs/runs-page.tsx', "<h1>{t('runs.title')}</h1>", '<h1>Edited runs</h1>');
  await page.getByRole('heading', { name: 'Edited runs' }).waitFor();
  expect(await page.evaluate('window.neverReloaded')).toBe(true);
  await page.close();
});

test('the next run trains with an edited training method', async () => {
  const from = development.output.length;
  copy.edit(
    'runner/training/methods/supervised.ts',
    'parts: { supervised: loss }',
    'parts: { supervised: loss, edited: loss }',
  );
  await printed('the next run trains with it', from);
  const config = {
    dataset: 'shapes',
    split: { labelledRatio: 0.125 },
    method: { name: 'supervised' },
    training: { iterations: 2, batchLabelled: 2 },
    augmentation: { crop: [32, 32] },
  };
  const create = 'mutation ($config: JSONObject!) { createRun(input: { config: $config }) { id } }';
  const { createRun } = (await ask<{ createRun: { id: string } }>(create, { config }))!;
  const query = 'query ($id: ID!) { run(id: $id) { state failure metrics { name } } }';
  const run = await until('the run to end', 120, async () => {
    const answer = await ask<{ run: { state: string; failure: string | null; metrics: { name: string }[] } }>(query, {
      id: createRun.id,
    });
    return ['COMPLETED', 'FAILED'].includes(answer?.run.state ?? '') && answer!.run;
  });
  expect(run).toMatchObject({ state: 'COMPLETED', failure: null });
  expect(run.metrics.map(({ name }) => name)).toContain('loss_edited/branch1');
  expect(development.output.slice(from)).not.toMatch(/restarting|Crosscheck is up/);
});

test('an edited agent is restarted', async () => {
  const from = development.output.length;
  copy.edit('runner/agent/signals.ts', 'claiming no more runs', 'claims no more runs');
  await printed('restarting: the agent has changed', from);
  await printed('is ready', from);
});

test('a type error is shown while the last good server keeps running', async () => {
  const from = development.output.length;
  copy.edit(RESOLVER, "motto: 'first' }", "motto: 'wrong', authRequired: 'yes' }");
  await printed('type errors: the last good build keeps running', from);
  expect(development.output.slice(from)).toMatch(/server\.resolver\.ts.*TS2322/);
  expect(await motto()).toBe('first');
  copy.edit(RESOLVER, "motto: 'wrong', authRequired: 'yes' }", "motto: 'second' }");
  await mottoIs('second');
});

test('a server that crashes at its start is reported, and starts again at the next change', async () => {
  const from = development.output.length;
  const text = copy.read(RESOLVER);
  copy.write(RESOLVER, `${text}\nthrow new Error('crashed on purpose');\n`);
  await printed('stopped unexpectedly (exit code 1)', from);
  expect(development.output.slice(from)).toContain('crashed on purpose');
  copy.write(RESOLVER, text.replace("'second'", "'third'"));
  await mottoIs('third');
});

test('a port in use is rejected in one line', () => {
  const second = spawnSync(process.execPath, ['dist/dev/main.js', '--port', String(port)], {
    cwd: copy.folder,
    encoding: 'utf8',
  });
  expect(second).toMatchObject({
    status: 1,
    stdout: '',
    stderr: `port ${port} is in use: stop the program that listens there, or choose another port with --port\n`,
  });
});

test('Ctrl-C ends everything', async () => {
  process.kill(-development.pid, 'SIGINT');
  await development.ended();
  expect(copy.processes()).toEqual([]);
});
