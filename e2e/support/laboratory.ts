import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program, until } from './program.js';

interface Answer<T> {
  data?: T;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/** A server with its own embedded PostgreSQL in a temporary folder, and runners registered with it. */
export class Laboratory {
  readonly folder = mkdtempSync(join(tmpdir(), 'crosscheck-e2e-'));
  server: Program | null = null;
  private port = 0;
  private readonly runners: Program[] = [];

  constructor(private readonly env: Record<string, string> = {}) {
    // PostgreSQL runs as another user when this is root.
    chmodSync(this.folder, 0o755);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the server, always on the same port, and waits until it answers. */
  async startServer(): Promise<Program> {
    this.port ||= await freePort();
    const env = { HOST: '127.0.0.1', PORT: String(this.port), DATA_DIR: join(this.folder, 'server'), ...this.env };
    const server = new Program(['server'], env);
    this.server = server;
    await until('the server to answer', 120, async () => {
      if (!server.isRunning) throw new Error(`the server ended:\n${server.output}`);
      return fetch(`${this.url}/healthz`).then(
        (response) => response.ok,
        () => false,
      );
    });
    return server;
  }

  /** One operation. @throws Error with the server's message. */
  async send<T = Record<string, never>>(query: string, variables: object = {}, token?: string): Promise<T> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify({ query, variables }),
    });
    const answer = (await response.json()) as Answer<T>;
    const error = answer.errors?.[0];
    if (error) throw new Error(`${error.extensions?.code}: ${error.message}`);
    return answer.data!;
  }

  async registrationToken(): Promise<string> {
    const { createRegistrationToken } = await this.send<{ createRegistrationToken: { token: string } }>(
      'mutation { createRegistrationToken(input: { label: "test" }) { token } }',
    );
    return createRegistrationToken.token;
  }

  home(name: string): string {
    return join(this.folder, 'runners', name);
  }

  /** `runner register`, which must succeed. */
  async registerRunner(name: string, ...options: string[]): Promise<void> {
    const token = await this.registrationToken();
    const where = ['--server', this.url, '--token', token, '--home', this.home(name), '--name', name];
    const registration = new Program(['runner', 'register', ...where, '--engine', 'wasm', ...options]);
    if ((await registration.ended()) !== 0) throw new Error(`registration failed:\n${registration.output}`);
  }

  /** `runner start` on the home of a registered runner. */
  startRunner(name: string, ...options: string[]): Program {
    const runner = new Program(['runner', 'start', '--home', this.home(name), ...options]);
    this.runners.push(runner);
    return runner;
  }

  /** Waits until a runner has announced the built-in dataset. */
  async shapesAnnounced(): Promise<void> {
    await until('shapes to be announced', 60, async () => {
      const { datasets } = await this.send<{ datasets: { name: string }[] }>('{ datasets { name } }');
      return datasets.some(({ name }) => name === 'shapes');
    });
  }

  /** Queues a run of this configuration; its id. */
  async queue(config: object): Promise<string> {
    const create = 'mutation ($config: JSONObject!) { createRun(input: { config: $config }) { id } }';
    return (await this.send<{ createRun: { id: string } }>(create, { config })).createRun.id;
  }

  /** The run's state and `fields` (GraphQL) once it is over. */
  ended<Fields>(id: string, fields: string): Promise<Fields & { state: string }> {
    return until('the run to end', 120, async () => {
      const query = `query ($id: ID!) { run(id: $id) { state ${fields} } }`;
      const { run } = await this.send<{ run: Fields & { state: string } }>(query, { id });
      return ['COMPLETED', 'FAILED', 'CANCELED'].includes(run.state) && run;
    });
  }

  /** Ends all of it. */
  async close(): Promise<void> {
    for (const runner of this.runners) await runner.stop('SIGKILL');
    await this.server?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A port of this machine on which nothing listens. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
