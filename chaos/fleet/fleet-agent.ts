import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FaultyLine } from '../../processes/faulty-line.js';
import type { ProgramOptions } from '../../processes/program.js';
import { register } from '../../runner/agent/commands.js';
import { compiledFile } from '../../runner/compiled/compiled-file.js';
import { scriptedMachine } from './machine.js';
import { childrenOf } from './process-tree.js';
import { Supervised } from './supervised.js';

export interface AgentPlace {
  name: string;
  /** Of log files and ledgers. */
  folder: string;
  home: string;
  /** To the servers. */
  link: FaultyLine;
  /** Of the process. */
  env: Record<string, string>;
}

const program = compiledFile('./agent-program.js', import.meta.url);
const skewedClock = pathToFileURL(compiledFile('./skewed-clock.js', import.meta.url)).href;

/** A real agent in a process of its own, with its home and its link to the servers. */
export class FleetAgent {
  readonly process: Supervised;
  /** Faults of the same agent happen one after the other. */
  private queue: Promise<unknown> = Promise.resolve();
  private clockMs = 0;

  constructor(readonly place: AgentPlace) {
    this.process = new Supervised(() => this.program(place.home, place.name));
  }

  get name(): string {
    return this.place.name;
  }

  get ledger(): string {
    return join(this.place.folder, `${this.name}.ledger`);
  }

  /** Registers it as a runner. @param slots how many runs it trains at a time */
  async register(token: string, slots: number): Promise<void> {
    const { link, home } = this.place;
    const adapter = slots === 1 ? [] : Array.from({ length: slots }, (_, index) => String(index));
    const names = { server: [link.url], token, name: this.name, pool: 'default', home, force: false };
    const nothing = { data: [], weights: [], allowHost: [] };
    await register(
      { ...names, ...nothing, engine: 'auto', kernels: 'auto', adapter },
      scriptedMachine(() => {}),
    );
  }

  /** How to start an agent in this home. */
  program(home: string, name: string): ProgramOptions {
    const { folder, env } = this.place;
    const clock = { CHAOS_CLOCK_MS: String(this.clockMs), NODE_OPTIONS: `--import=${skewedClock}` };
    return {
      name,
      command: [process.execPath, program],
      env: { ...env, CHAOS_HOME: home, CHAOS_LEDGER: this.ledger, ...(this.clockMs === 0 ? {} : clock) },
      detached: true,
      logFile: join(folder, `${name}.log`),
    };
  }

  /** How far its clock is ahead from the next start on. */
  skewClock(ms: number): void {
    this.clockMs = ms;
  }

  /** Its training processes. */
  get children(): number[] {
    return this.process.pid === null ? [] : childrenOf(this.process.pid);
  }

  /** The folders of attempts in its home. */
  get attemptFolders(): string[] {
    const folder = join(this.place.home, 'attempts');
    return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  }

  /** Waits for earlier work with this agent. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work);
    this.queue = done.catch(() => {});
    return done;
  }
}
