import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { LocalStack } from '../../cli/local-stack/local-stack.js';
import { until } from '../../processes/until.js';
import { environment } from './crosscheck.js';

interface Answer<T> {
  data?: T;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/** A safety net: the trainings of tests take seconds, but many times as long on a machine that does other work. */
const LONGEST_TRAINING_SECONDS = 900;

/** A local stack in a temporary folder, with helpers for scenarios. */
export class TestStack extends LocalStack {
  /** @param settings the settings of the server */
  constructor(settings: Record<string, string> = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'crosscheck-e2e-'));
    // If this is root, PostgreSQL runs as another user, who needs access.
    chmodSync(folder, 0o755);
    super({ folder, settings, env: environment });
    // Set by database.global-setup.ts. Without it, as in a bench, the server creates its database.
    const database = process.env.CROSSCHECK_NEW_DATABASE;
    if (database) copy(database, this.home('server'));
  }

  /** Sends an operation and returns its data. @throws Error with the server's code and message */
  async send<T = Record<string, never>>(query: string, variables: object = {}, token?: string): Promise<T> {
    // fetch() takes three times as much processor time, which benches would measure too.
    const { body } = await request(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify({ query, variables }),
    });
    const answer = (await body.json()) as Answer<T>;
    const error = answer.errors?.[0];
    if (error) throw new Error(`${error.extensions?.code}: ${error.message}`);
    return answer.data!;
  }

  override registerRunner(name: string, ...options: string[]): Promise<void> {
    return super.registerRunner(name, '--name', name, '--engine', 'wasm', ...options);
  }

  /** Queues a run with this configuration and returns its id. */
  async queue(config: object): Promise<string> {
    const create = 'mutation ($config: JSONObject!) { createRun(input: { config: $config }) { id } }';
    return (await this.send<{ createRun: { id: string } }>(create, { config })).createRun.id;
  }

  /** Reads `fields` (GraphQL) of a run. */
  async run<Fields>(id: string, fields: string): Promise<Fields> {
    const query = `query ($id: ID!) { run(id: $id) { ${fields} } }`;
    return (await this.send<{ run: Fields }>(query, { id })).run;
  }

  /** Waits until the run has ended. Returns its state and `fields` (GraphQL), which are read only once. */
  async ended<Fields>(id: string, fields: string): Promise<Fields & { state: string }> {
    const hasEnded = async () => {
      const { state } = await this.run<{ state: string }>(id, 'state');
      return ['COMPLETED', 'FAILED', 'CANCELED'].includes(state);
    };
    // The server that is asked needs the time, too.
    await until('the run to end', LONGEST_TRAINING_SECONDS, hasEnded, 400);
    return this.run(id, `state ${fields}`);
  }

  /** The last output of the server and the runners, to print after a failed test. */
  get output(): string {
    return [this.server, ...this.runners].map((program) => program?.output.slice(-4000) ?? '').join('\n');
  }

  /** Stops everything, without waiting for runs, and removes the folder. */
  override async close(): Promise<void> {
    for (const runner of this.runners) await runner.kill();
    await super.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Copies a folder with the owners of its files: if this is root, PostgreSQL's belong to another user. */
function copy(from: string, to: string): void {
  const { status, stderr } = spawnSync('cp', ['-a', from, to], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${from} could not be copied: ${stderr}`);
}
