import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultyLine } from '../../processes/faulty-line.js';
import { SmallDisk } from '../../processes/small-disk.js';
import { EmbeddedPostgres } from '../../server/database/embedded-postgres.js';
import { createLogger } from '../../server/logger.js';
import { FleetAgent } from '../fleet/fleet-agent.js';
import type { ScriptSettings } from '../script/script.js';
import { Database } from './database.js';
import { REGISTRATION_TOKEN, ServerProcess } from './servers.js';

/** Marks every process of a world, in its environment. */
export const MARK = 'CHAOS_WORLD';
const SERVERS = ['server-1', 'server-2'];
const STOP_SECONDS = 60;
/** What an agent on the small disk needs besides its checkpoints. */
const SPARE_BYTES = 16 * 1024 ** 2;

interface Answer<Data> {
  data?: Data;
  errors?: { message: string; extensions?: { code?: string } }[];
}

export interface WorldOptions {
  agents: number;
  script: ScriptSettings;
  /** Shows progress to a person. */
  print(line: string): void;
}

/** PostgreSQL, two servers and the agents, in a temporary folder. */
export class World {
  readonly database: Database;
  readonly servers: ServerProcess[] = [];
  readonly agents: FleetAgent[] = [];
  /** Rules that were seen to be violated while faults happened. */
  readonly violations: string[] = [];
  /** Attempts whose folder was in a home when its machine lost power: a checkpoint that was still on its way may be gone. */
  readonly damagedAttempts = new Set<string>();
  /** The agent whose disk is small, or why there is none. */
  smallDisk: { agent: FleetAgent; disk: SmallDisk } | { none: string } = { none: 'it was not tried' };
  private readonly started = performance.now();

  private constructor(
    readonly folder: string,
    private readonly postgres: EmbeddedPostgres,
    private readonly print: (line: string) => void,
  ) {
    this.database = new Database(postgres.url);
  }

  static async start({ agents, script, print }: WorldOptions): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), 'crosscheck-chaos-'));
    // If this is root, PostgreSQL runs as another user, who needs access.
    chmodSync(folder, 0o755);
    const postgres = await EmbeddedPostgres.start(join(folder, 'database'), createLogger('silent'));
    const world = new World(folder, postgres, print);
    try {
      await world.startServers();
      await world.startAgents(agents, script);
      return world;
    } catch (error) {
      await world.stop();
      await world.close();
      world.remove();
      throw error;
    }
  }

  /** What all processes use for temporary files. */
  get temporary(): string {
    return join(this.folder, 'tmp');
  }

  /** Writes a line to the log, with the seconds since the start. */
  log(line: string): void {
    const text = `${((performance.now() - this.started) / 1000).toFixed(1).padStart(6)} s  ${line}`;
    appendFileSync(join(this.folder, 'chaos.log'), `${text}\n`);
    this.print(text);
  }

  /** Sends an operation to the first server. @throws Error with the server's code and message */
  async api<Data>(query: string, variables: object = {}): Promise<Data> {
    const response = await fetch(`${this.servers[0]!.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as Answer<Data>;
    const [error] = errors ?? [];
    if (error) throw new Error(`${error.extensions?.code}: ${error.message}`);
    if (!data) throw new Error(`HTTP ${response.status}`);
    return data;
  }

  /** Stops all programs, as an administrator does. Returns one line for each that did not end as it should. */
  async stop(): Promise<string[]> {
    const complaints: string[] = [];
    // A frozen program cannot stop.
    for (const { process } of [...this.agents, ...this.servers]) process.signal('SIGCONT');
    const stop = async (name: string, stopped: Promise<unknown>): Promise<void> => {
      const ending = await stopped;
      if (ending !== 0 && ending !== null) complaints.push(`${name} ended with ${ending} when it was stopped`);
    };
    await Promise.all(this.agents.map(({ name, process }) => stop(name, process.stop(STOP_SECONDS))));
    await Promise.all(this.servers.map(({ name, process }) => stop(name, process.stop(STOP_SECONDS))));
    await Promise.all(this.agents.map(({ place }) => place.link.close()));
    return complaints;
  }

  /** Stops PostgreSQL and unmounts the small disk. Call this after `stop`. */
  async close(): Promise<void> {
    await this.database.close();
    await this.postgres.stop();
    if ('disk' in this.smallDisk) this.smallDisk.disk.unmount();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  private get env(): Record<string, string> {
    return { [MARK]: this.folder, TMPDIR: this.temporary, NODE_ENV: 'production', NODE_OPTIONS: '' };
  }

  private async startServers(): Promise<void> {
    mkdirSync(this.temporary);
    const env = { ...this.env, DATABASE_URL: this.postgres.url };
    for (const name of SERVERS) this.servers.push(await ServerProcess.start(name, this.folder, env));
    await Promise.all(this.servers.map((server) => server.isUp()));
  }

  private async startAgents(count: number, script: ScriptSettings): Promise<void> {
    const ports = this.servers.map(({ port }) => port);
    const env = { ...this.env, CHAOS_SCRIPT: JSON.stringify(script) };
    for (let number = 1; number <= count; number++) {
      const name = `agent-${number}`;
      const home = join(this.folder, name);
      mkdirSync(home);
      const link = await FaultyLine.open({ ports });
      const agent = new FleetAgent({ name, folder: this.folder, home, link, env });
      if (number === 1) {
        const none = SmallDisk.whyImpossible();
        const bytes = 4 * script.checkpointBytes + SPARE_BYTES;
        this.smallDisk = none === null ? { agent, disk: SmallDisk.mount(home, bytes) } : { none };
      }
      // Some agents train two runs at a time.
      await agent.register(REGISTRATION_TOKEN, number % 2 === 0 ? 2 : 1);
      this.agents.push(agent);
    }
    for (const { process } of this.agents) process.start();
  }
}
