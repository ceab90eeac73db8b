import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { freePort } from '../processes/free-port.js';
import type { Program } from '../processes/program.js';
import { until } from '../processes/until.js';
import { startCrosscheck } from './support/crosscheck.js';
import { TestStack } from './support/test-stack.js';
import { writeTinyDataset } from './support/tiny-dataset.js';

/** Two server processes on one database. One is killed with -9 and does not come back. */
const REGISTRATION_TOKEN = 'registration-token-for-tests';
const SETTINGS = {
  HOST: '127.0.0.1',
  AUTH: 'off',
  CROSSCHECK_USER_TOKEN: '',
  CROSSCHECK_REGISTRATION_TOKEN: REGISTRATION_TOKEN,
  LEASE_SECONDS: '5',
  HEARTBEAT_SECONDS: '1',
  SWEEP_SECONDS: '0.3',
  POLL_SECONDS: '1',
};
const CONFIG = {
  dataset: 'tiny',
  split: { labelledRatio: 0.25 },
  method: { name: 'supervised' },
  network: { width: 0.0625 },
  augmentation: { crop: [32, 32], scales: [1] },
  training: { iterations: 40, evaluateEvery: 40, evaluateImages: 2, sampleImages: 0, logEvery: 1 },
};

/** Runs the server that stays, and the database of both. */
const stack = new TestStack(SETTINGS);
const programs: Program[] = [];

interface Server {
  program: Program;
  url: string;
}
let dying: Server;
let staying: Server;

/** Starts another server on the database of the first. */
async function startSecond(first: Program): Promise<Server> {
  const [, postgresPort] = /"port":(\d+)/.exec(first.output)!;
  const password = readFileSync(join(stack.home('server'), 'postgres/password'), 'utf8').trim();
  const DATABASE_URL = `postgres://crosscheck:${password}@127.0.0.1:${postgresPort}/postgres`;
  const port = String(await freePort());
  const program = start(['server'], { ...SETTINGS, DATABASE_URL, PORT: port });
  await program.printed('Crosscheck is up', 120);
  return { program, url: `http://127.0.0.1:${port}` };
}

function start(args: string[], env: Record<string, string> = {}): Program {
  const program = startCrosscheck(args, env);
  programs.push(program);
  return program;
}

// biome-ignore lint/suspicious/noExplicitAny: each operation returns something else
async function ask({ url }: Server, query: string, variables: object = {}, token?: string): Promise<any> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: unknown; errors?: { message: string }[] };
  if (errors) throw new Error(errors[0]!.message);
  return data;
}

async function queue(config: object): Promise<string> {
  const create = 'mutation ($config: JSONObject!) { createRun(input: { config: $config }) { id } }';
  return (await ask(staying, create, { config })).createRun.id;
}

async function look(id: string) {
  const query = 'query ($id: ID!) { run(id: $id) { state step failure attempts { state message } } }';
  return (await ask(staying, query, { id })).run;
}

/** Registers a runner of its own pool that speaks the protocol, and lets it claim a run at the server. */
async function claim(server: Server, pool: string) {
  const dataset = {
    ...{ name: 'made-up', kind: 'folder', fingerprint: 'f'.repeat(64), ignoreIndex: 255 },
    ...{ trainImages: 8, unlabelledImages: 0, valImages: 1, testImages: 1 },
    classes: ['a', 'b'].map((name) => ({ name, color: '#102030' })),
  };
  const machine = { name: pool, host: 'h', engine: 'cpu', device: 'd', version: '1', pool, datasets: [dataset] };
  const register = `mutation ($token: String!, $info: RunnerInfoInput!) {
    registerRunner(registrationToken: $token, info: $info) { token } }`;
  const { registerRunner } = await ask(server, register, { token: REGISTRATION_TOKEN, info: machine });
  const { token } = registerRunner;
  const runId = await queue({ ...CONFIG, dataset: 'made-up', placement: { pool } });
  const { claimRun } = await ask(server, 'mutation { claimRun { attemptId fence } }', {}, token);
  const beat = async (at: Server): Promise<string> => {
    const heartbeat = 'mutation ($attempts: [AttemptRefInput!]!) { heartbeat(attempts: $attempts) { directive } }';
    return (await ask(at, heartbeat, { attempts: [claimRun] }, token)).heartbeat[0].directive;
  };
  return { runId, beat };
}

beforeAll(async () => {
  const program = await stack.startServer();
  staying = { program, url: stack.url };
  dying = await startSecond(program);
}, 240_000);
afterEach(({ task }) => {
  const all = [staying.program, ...programs];
  if (task.result?.state === 'fail') console.error(all.map(({ output }) => output.slice(-4000)).join('\n'));
});
afterAll(async () => {
  for (const program of programs) await program.kill();
  await stack.close();
});

test('a runner with both addresses trains on with the other server; one that only knows the dead one gets more time', async () => {
  const home = ['--home', stack.home('runner')];
  const env = { CROSSCHECK_REGISTRATION_TOKEN: REGISTRATION_TOKEN };
  const tiny = join(stack.folder, 'tiny');
  await writeTinyDataset(tiny);
  const options = ['--server', `${dying.url},${staying.url}`, '--engine', 'wasm', '--data', tiny, ...home];
  await start(['runner', 'register', ...options], env).finished();
  const runner = start(['runner', 'start', ...home]);
  const trained = await queue(CONFIG);
  await until('the run to train', 120, async () => (await look(trained)).step >= 3);
  const ofDying = await claim(dying, 'dying');
  const ofStaying = await claim(staying, 'staying');
  expect([await ofDying.beat(dying), await ofStaying.beat(staying)]).toEqual(['CONTINUE', 'CONTINUE']);
  await dying.program.kill();

  // Its lease is younger, but its server is alive, so it is the runner that is silent.
  const lost = await until('the lease of the other runner to expire', 60, async () => {
    const run = await look(ofStaying.runId);
    return run.state === 'QUEUED' && run;
  });
  expect(lost.attempts[0].message).toBe('the lease expired because the runner was silent');
  expect(await look(ofDying.runId)).toMatchObject({ state: 'RUNNING', attempts: [{ state: 'ACTIVE' }] });
  expect(await ofDying.beat(staying)).toBe('CONTINUE');

  const ended = await until('the run to end', 120, async () => {
    const run = await look(trained);
    return run.state !== 'RUNNING' && run;
  });
  expect(ended).toMatchObject({ state: 'COMPLETED', attempts: [{ state: 'SUCCEEDED' }] });
  expect(runner.output).toContain(`the server is back, at ${staying.url}`);
  expect(await runner.stop()).toBe(0);
});
