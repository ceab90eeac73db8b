import { createHash } from 'node:crypto';
import { type Client, createClient } from 'graphql-ws';
import { afterAll, beforeAll } from 'vitest';
import { WebSocket } from 'ws';
import { type App, createApp } from '../app.js';
import { type Env, readEnv } from '../env.js';
import { createLogger } from '../logger.js';
import { datasetInput } from './results-fixtures.js';
import { type TestDatabase, testDatabase } from './test-database.js';

export const USER_TOKEN = 'user-token-for-tests';
export const REGISTRATION_TOKEN = 'registration-token-for-tests';

export interface GraphQLAnswer {
  // biome-ignore lint/suspicious/noExplicitAny: each operation returns something else
  data: any;
  errors?: { message: string; path?: string[]; extensions: { code: string; [key: string]: unknown } }[];
}

/** A whole server in this process, with its own database. Tests talk to it over real HTTP and WebSocket. */
export class TestServer {
  private app: App | null = null;
  private readonly clients: Client[] = [];

  constructor(
    readonly database: TestDatabase,
    private readonly changes: Partial<Env>,
  ) {}

  get url(): string {
    return this.app!.url;
  }

  async start(changes: Partial<Env> = {}): Promise<void> {
    const env = readEnv({ PORT: '0' });
    const tokens = { userToken: USER_TOKEN, registrationToken: REGISTRATION_TOKEN };
    const all = { ...env, ...tokens, databaseUrl: this.database.url, ...this.changes, ...changes };
    this.app = await createApp(all, createLogger('silent'));
  }

  async stop(): Promise<void> {
    for (const client of this.clients.splice(0)) await client.dispose();
    await this.app?.close();
    this.app = null;
  }

  /** Sends an operation and returns the whole response. */
  async send(query: string, variables: object = {}, token?: string): Promise<GraphQLAnswer> {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const body = JSON.stringify({ query, variables });
    const response = await fetch(`${this.url}/graphql`, { method: 'POST', headers, body });
    return (await response.json()) as GraphQLAnswer;
  }

  /** Sends an operation and returns its data. Throws if there are errors, with the code and message of the first. */
  async ask(query: string, variables: object = {}, token?: string): Promise<GraphQLAnswer['data']> {
    const { data, errors } = await this.send(query, variables, token);
    if (errors) throw new Error(`${errors[0]!.extensions.code}: ${errors[0]!.message}`);
    return data;
  }

  /** Everything that a subscription sends, as it arrives. */
  subscribe(
    query: string,
    variables: Record<string, unknown> = {},
    token?: string,
  ): AsyncIterableIterator<GraphQLAnswer> {
    const client = createClient({
      url: `${this.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      ...(token && { connectionParams: { authorization: `Bearer ${token}` } }),
    });
    this.clients.push(client);
    return client.iterate({ query, variables }) as unknown as AsyncIterableIterator<GraphQLAnswer>;
  }

  /** Registers a runner. */
  async registerRunner(changes: Record<string, unknown> = {}): Promise<TestRunner> {
    const { registerRunner } = await this.ask(
      `mutation ($token: String!, $info: RunnerInfoInput!) {
         registerRunner(registrationToken: $token, info: $info) { token runner { id } } }`,
      { token: REGISTRATION_TOKEN, info: runnerInfo(changes) },
    );
    return new TestRunner(this, registerRunner.runner.id, registerRunner.token);
  }

  /** Lets a runner train more runs at a time than a runner may by default. */
  async setSlotLimit(runner: TestRunner, limit: number): Promise<void> {
    const mutation = 'mutation ($id: ID!, $limit: Int!) { setRunnerSlotLimit(id: $id, limit: $limit) { id } }';
    await this.ask(mutation, { id: runner.id, limit }, USER_TOKEN);
  }

  /** Queues a run and returns its id. */
  async createRun(input: Record<string, unknown> = {}, config: Record<string, unknown> = {}): Promise<string> {
    const variables = { input: { config: { ...runConfig(), ...config }, ...input } };
    const { createRun } = await this.ask(
      'mutation ($input: CreateRunInput!) { createRun(input: $input) { id } }',
      variables,
      USER_TOKEN,
    );
    return createRun.id;
  }

  /** Reads fields of a run. */
  async run(id: string, fields = 'state step failure'): Promise<GraphQLAnswer['data']> {
    return (await this.ask(`query ($id: ID!) { run(id: $id) { ${fields} } }`, { id }, USER_TOKEN)).run;
  }
}

export interface Claimed {
  attemptId: string;
  fence: number;
  runId: string;
  resumeFrom: { step: number; sha256: string; bytes: number; url: string } | null;
}

/** Speaks the runner protocol. */
export class TestRunner {
  /** The newest report of each attempt. */
  private readonly sequences = new Map<string, number>();

  constructor(
    private readonly server: TestServer,
    readonly id: string,
    readonly token: string,
  ) {}

  async claim(): Promise<Claimed | null> {
    const { claimRun } = await this.server.ask(
      'mutation { claimRun { attemptId fence run { id } resumeFrom { step sha256 bytes url } } }',
      {},
      this.token,
    );
    if (!claimRun) return null;
    const { run, ...claimed } = claimRun;
    return { ...claimed, runId: run.id };
  }

  async report(
    attempt: Claimed,
    report: Record<string, unknown>,
  ): Promise<{ acknowledged: number; directive: string }> {
    const { attemptId, fence } = attempt;
    const { reportAttempt } = await this.server.ask(
      'mutation ($report: AttemptReportInput!) { reportAttempt(report: $report) { acknowledged directive } }',
      { report: { attemptId, fence, ...report } },
      this.token,
    );
    this.sequences.set(attemptId, reportAttempt.acknowledged);
    return reportAttempt;
  }

  async heartbeat(...attempts: Claimed[]): Promise<string[]> {
    const refs = attempts.map(({ attemptId, fence }) => ({ attemptId, fence }));
    const { heartbeat } = await this.server.ask(
      'mutation ($refs: [AttemptRefInput!]!) { heartbeat(attempts: $refs) { directive } }',
      { refs },
      this.token,
    );
    return heartbeat.map(({ directive }: { directive: string }) => directive);
  }

  /** Reports the last step and the evaluations that a completed run must have, then finishes the attempt. */
  async complete(attempt: Claimed): Promise<string> {
    const { iterations: step, dataset } = await this.server.run(
      attempt.runId,
      'iterations dataset { valImages testImages classes { index } }',
    );
    const confusion = new Array<number>(dataset.classes.length ** 2).fill(1);
    const subsets = [...(dataset.valImages > 0 ? ['VAL'] : []), ...(dataset.testImages > 0 ? ['TEST'] : [])];
    const evaluations = subsets.map((subset) => ({ step, network: 'BRANCH1', subset, confusion }));
    const sequence = (this.sequences.get(attempt.attemptId) ?? 0) + 1;
    await this.report(attempt, { sequence, step, evaluations });
    return this.finish(attempt, 'SUCCEEDED');
  }

  async finish({ attemptId, fence }: Claimed, outcome: string, message?: string): Promise<string> {
    const { finishAttempt } = await this.server.ask(
      `mutation ($attempt: AttemptRefInput!, $outcome: AttemptOutcome!, $message: String) {
         finishAttempt(attempt: $attempt, outcome: $outcome, message: $message) { state } }`,
      { attempt: { attemptId, fence }, outcome, message },
      this.token,
    );
    return finishAttempt.state;
  }

  async start(changes: Record<string, unknown> = {}): Promise<GraphQLAnswer['data']> {
    const { startRunner } = await this.server.ask(
      `mutation ($info: RunnerInfoInput!) {
         startRunner(info: $info) { heartbeatSeconds leaseSeconds pollSeconds runner { state pool } } }`,
      { info: runnerInfo(changes) },
      this.token,
    );
    return startRunner;
  }

  /** Uploads bytes and returns their SHA-256. */
  async upload(bytes: Buffer): Promise<string> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'application/octet-stream' };
    const response = await fetch(`${this.server.url}/blobs/${sha256}`, { method: 'PUT', headers, body: bytes });
    if (!response.ok) throw new Error(await response.text());
    return sha256;
  }
}

/** Starts a server for the tests of a file. Each file has its own database. */
export function testServer(changes: Partial<Env> = {}): TestServer {
  const server = new TestServer(testDatabase(), changes);
  beforeAll(() => server.start());
  afterAll(() => server.stop());
  return server;
}

export function runnerInfo(changes: Record<string, unknown> = {}) {
  const machine = { name: 'gpu-1', host: 'lab', engine: 'wasm', device: 'cpu', version: '1' };
  return { ...machine, datasets: [datasetInput()], ...changes };
}

export function runConfig() {
  return { dataset: 'shapes', split: { labelledRatio: 0.125 }, method: { name: 'cps' } };
}
