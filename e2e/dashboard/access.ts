import type { Route } from 'playwright-core';
import { expect, test } from 'vitest';
import { until } from '../../processes/until.js';
import { ReportingRunner } from '../support/reporting-runner.js';
import { TestStack } from '../support/test-stack.js';
import { board } from './board.js';

test('a server that requires a token gets one, and then shows images', async () => {
  const token = 'a-user-token-for-this-test';
  const registration = 'a-registration-token-for-this-test';
  const strict = new TestStack({
    AUTH: 'on',
    CROSSCHECK_USER_TOKEN: token,
    CROSSCHECK_REGISTRATION_TOKEN: registration,
  });
  try {
    await strict.startServer();
    await board.page.goto(strict.url);
    await board.page.getByRole('heading', { name: 'Sign in with a token' }).waitFor();
    await board.page.getByLabel('User token').fill('a wrong one');
    await board.page.getByRole('button', { name: 'Sign in' }).click();
    await board.page.getByText('does not accept the token').waitFor();
    await board.page.getByLabel('User token').fill(token);
    await board.page.getByRole('button', { name: 'Sign in' }).click();
    await board.page.getByText('No runs yet').waitFor();
    await board.live().waitFor();

    const runner = await strictRunner(strict, registration);
    const config = { dataset: 'streets', split: { labelledRatio: 0.125 }, method: { name: 'cps' } };
    const create = 'mutation ($config: JSONObject!) { createRun(input: { config: $config }) { id } }';
    const { createRun } = await strict.send<{ createRun: { id: string } }>(create, { config }, token);
    await runner.claimRun();
    await runner.sample(10, 'street-1', 'INPUT', 2, 1, Buffer.from([10, 20, 30, 255, 40, 50, 60, 255]));
    await runner.sample(10, 'street-1', 'BRANCH1', 2, 1, Buffer.from([128, 64, 64, 255, 128, 64, 64, 255]));
    await board.page.goto(`${strict.url}/runs/${createRun.id}`);
    const image = board.page.locator('img[alt="Input of street-1"]');
    await image.first().waitFor();
    await until('the image to be loaded', 30, () =>
      image.first().evaluate((element) => (element as unknown as { naturalWidth: number }).naturalWidth === 2),
    );
    const src = await image.first().getAttribute('src');
    expect((await fetch(src!)).status).toBe(401);
    expect(await board.page.evaluate('document.cookie')).toBe('');

    const cookies = async () => (await board.page.context().cookies(`${strict.url}/blobs`)).map(({ name }) => name);
    expect(await cookies()).toEqual([`crosscheck_token_${new URL(strict.url).port}`]);
    const refuse = (route: Route) => route.fulfill({ status: 503 });
    await board.page.route('**/blobs/session', refuse);
    await board.page.getByRole('button', { name: 'Sign out' }).click();
    await board.page.getByText('You are still signed in: the server answered with status 503.').waitFor();
    await board.page.unroute('**/blobs/session', refuse);
    expect(await cookies()).toHaveLength(1);
    await board.page.getByRole('button', { name: 'Sign out' }).click();
    await board.page.getByText('This server requires a user token.').waitFor();
    expect(await cookies()).toEqual([]);
    expect(await board.page.evaluate('localStorage.length')).toBe(0);
    expect(await board.page.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
  } finally {
    await strict.close();
  }
});

test('a viewer reads a study and its runs, without the buttons that change them', async () => {
  const [admin, registration] = ['the-token-of-an-admin', 'the-token-of-new-machines'];
  const strict = new TestStack({
    AUTH: 'on',
    CROSSCHECK_USER_TOKEN: admin,
    CROSSCHECK_REGISTRATION_TOKEN: registration,
  });
  try {
    await strict.startServer();
    await strictRunner(strict, registration);
    const input = {
      name: 'to be read',
      base: { dataset: 'streets', split: { labelledRatio: 0.125 } },
      matrix: { methods: [{ name: 'cps' }], seeds: [0] },
    };
    const { createStudy, createAccount } = await strict.send<{
      createStudy: { id: string; runs: { edges: { node: { id: string } }[] } };
      createAccount: { id: string };
    }>(
      `mutation ($input: CreateStudyInput!) {
         createStudy(input: $input) { id runs { edges { node { id } } } } createAccount(name: "guest", role: VIEWER) { id } }`,
      { input },
      admin,
    );
    const { createToken } = await strict.send<{ createToken: { token: string } }>(
      'mutation ($id: ID!) { createToken(accountId: $id, label: "browser") { token } }',
      createAccount,
      admin,
    );
    const study = `/studies/${createStudy.id}`;
    const run = `/runs/${createStudy.runs.edges[0]!.node.id}`;
    const ofStudy = ['Queue missing runs', 'Archive', 'Delete study'];
    const ofRun = ['Edit', 'Archive', 'Cancel run', 'Delete'];
    for (const [token, path, buttons] of [
      [admin, study, ofStudy],
      [createToken.token, study, []],
      [admin, run, ofRun],
      [createToken.token, run, []],
    ] as const) {
      await board.page.goto(strict.url + path);
      await board.page.getByLabel('User token').fill(token);
      const role = board.page.waitForResponse(async (answer) => /"role":/.test(await answer.text().catch(() => '')));
      await board.page.getByRole('button', { name: 'Sign in' }).click();
      await board.page.locator('.title-row h1').waitFor();
      await role;
      // What the role changes is on the page a frame later; before, no button is there for anybody.
      await board.page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
      const shown = board.page.locator('.title-row').getByRole('button');
      await until('the page to know the role', 10, async () => (await shown.count()) === buttons.length);
      expect(await shown.allTextContents()).toEqual(buttons);
      await board.page.getByRole('button', { name: 'Sign out' }).click();
      // Signing out loads the page again, which must be over before another is opened.
      await board.page.getByLabel('User token').waitFor();
    }
  } finally {
    await strict.close();
  }
});

test('pages load and run nothing that the policy of their headers forbids', async () => {
  const id = await board.queue('watched for violations');
  await board.page.addInitScript(`
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective + ' ' + event.blockedURI));
  `);
  for (const path of ['/', '/studies', '/runners', '/new', '/compare', '/graphiql', `/runs/${id}`]) {
    await board.open(path);
    expect(await board.page.evaluate('window.violations')).toEqual([]);
  }
  // The policy is in force: an inline script does not run.
  await board.page.evaluate(`
    const script = document.createElement('script');
    script.textContent = 'window.injected = true';
    document.head.append(script);
  `);
  await until('the violation', 10, async () =>
    /script-src/.test(String(await board.page.evaluate('window.violations'))),
  );
  expect(await board.page.evaluate('window.injected')).toBeUndefined();
});

async function strictRunner(strict: TestStack, registration: string): Promise<ReportingRunner> {
  const runner = new ReportingRunner(
    { url: strict.url, send: strict.send.bind(strict), registrationToken: async () => registration },
    'strict-box',
    { name: 'streets', classes: ['sky', 'road'].map((name, i) => ({ name, color: `#80404${i}` })) },
  );
  await runner.register();
  return runner;
}
