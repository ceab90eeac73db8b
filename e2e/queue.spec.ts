import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../processes/until.js';
import { startCrosscheck } from './support/crosscheck.js';
import { TestStack } from './support/test-stack.js';

const stack = new TestStack();

beforeAll(async () => {
  await stack.startServer();
  // Registering announces the built-in datasets. No runner is started, so nobody claims the queued runs.
  await stack.registerRunner('r');
}, 120_000);
afterAll(() => stack.close());

const base = { dataset: 'shapes', split: { labelledRatio: 0.125 } };
const study = { name: 'a recipe', base, matrix: { methods: [{ name: 'supervised' }, { name: 'cps' }], seeds: [0, 1] } };

async function queue(recipe: string, server = stack.url): Promise<{ code: number | string; output: string }> {
  const program = startCrosscheck(['queue', recipe, '--server', server]);
  const code = await program.ended();
  return { code, output: program.output.trim() };
}

/** A recipe file with this content; JSON is YAML too. */
function file(content: unknown): string {
  const path = join(stack.folder, 'recipe.yaml');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

test('a recipe file with a study, or with a single run, is queued', async () => {
  const whole = await queue(file(study));
  expect(whole).toEqual({ code: 0, output: expect.stringMatching(/^queued 4 runs: http.*\/studies\/[0-9a-f-]{36}$/) });
  const query = 'query ($id: ID!) { study(id: $id) { name runs(first: 9) { edges { node { name state } } } } }';
  const id = whole.output.split('/').at(-1);
  const { study: queued } = await stack.send<{
    study: { name: string; runs: { edges: { node: { name: string; state: string } }[] } };
  }>(query, { id });
  expect(queued.name).toBe('a recipe');
  expect(queued.runs.edges.map(({ node }) => `${node.name} ${node.state}`).sort()).toEqual([
    'CPS, 1/8, seed 0 QUEUED',
    'CPS, 1/8, seed 1 QUEUED',
    'Supervised, 1/8, seed 0 QUEUED',
    'Supervised, 1/8, seed 1 QUEUED',
  ]);

  const one = await queue(file({ ...base, method: { name: 'cct' } }));
  expect(one).toEqual({ code: 0, output: expect.stringMatching(/^queued #\d+ "CCT, 1\/8, seed 0": http.*\/runs\//) });
});

test('a recipe that cannot be queued is rejected with a reason and without a stack trace', async () => {
  const wrong = await queue(file({ ...study, base: { ...base, seeed: 1 } }));
  expect(wrong).toEqual({
    code: 2,
    output: expect.stringMatching(/is not a valid recipe:\n {2}- seeed: unknown key "seeed"/),
  });
  const missing = await queue(join(stack.folder, 'none.yaml'));
  expect(missing).toEqual({ code: 2, output: expect.stringMatching(/^error: .*none\.yaml/) });
  const noYaml = await queue(file('a: ['));
  expect(noYaml).toEqual({
    code: 2,
    output: expect.stringMatching(/^error: .*recipe\.yaml: cannot be read as YAML: /),
  });
  const unknown = await queue(file({ ...study, base: { ...base, dataset: 'nowhere' } }));
  expect(unknown).toEqual({ code: 2, output: expect.stringContaining('nowhere') });
  const nobody = await queue(file(study), 'http://127.0.0.1:1');
  expect(nobody).toEqual({
    code: 4,
    output: expect.stringMatching(/^error: the server at http:\/\/127\.0\.0\.1:1 does not answer: .+$/),
  });
  for (const { output } of [wrong, missing, noYaml, unknown, nobody]) expect(output).not.toMatch(/^\s+at /m);
});

test('runner status prints what the server knows about a runner, as JSON too', async () => {
  const status = startCrosscheck(['runner', 'status', '--home', stack.home('r'), '--json']);
  expect(await status.ended(), status.output).toBe(0);
  expect(JSON.parse(status.output)).toMatchObject({
    name: 'r',
    engine: 'wasm',
    datasets: [
      { name: 'shapes', directory: null },
      { name: 'shapes_longtail', directory: null },
    ],
    runs: [],
    server: { url: stack.url },
  });
});

test('a list that is piped into `head` ends quietly', async () => {
  const program = startCrosscheck(['run', 'list', '--json', '--server', stack.url]);
  program.stopReading();
  expect(await program.ended(), program.output).toBe(0);
  expect(program.output).toBe('');
});

test('run logs --follow waits for a server that restarts', async () => {
  const id = await stack.queue({ ...base, method: { name: 'supervised' } });
  const follower = startCrosscheck(['run', 'logs', id, '--follow', '--server', stack.url]);
  try {
    await until('a first look at the log', 60, () => follower.output.includes('waiting for its first line'));
    await stack.server!.stop();
    await until('the follower to notice that the server is unavailable', 60, () =>
      follower.output.includes('waiting for it\n'),
    );
    await stack.startServer();
    await stack.send('mutation ($id: ID!) { cancelRun(id: $id) { id } }', { id });
    expect(await follower.ended(), follower.output).toBe(0);
    expect(follower.output).toMatch(/run #\d+ is CANCELED\n$/);
  } finally {
    await follower.kill();
  }
});
