import { rm } from 'node:fs/promises';
import { parseDataOptions } from '../../runner/agent/data-sources.js';
import { type RunnerIdentity, readIdentity } from '../../runner/agent/identity.js';
import { EXIT, type ExitCode, UserError } from '../../schema/exit-codes.js';
import {
  RegistrationTokenDocument,
  RunnersDocument,
  StudyProgressDocument,
} from '../../schema/generated/cli/graphql.js';
import { Api } from '../api.js';
import { Progress, type ProgressRun } from '../output/progress.js';
import { homeFolder } from './home.js';
import { freePort, Program, waitFor } from './processes.js';
import { Interrupted, type Stopped } from './stopped.js';

export interface LaboratoryOptions {
  /** Where the database and the runner's state are kept; null: in a temporary folder. */
  home: string | null;
  /** The server's port; a free one when it is taken. */
  port: number;
  /** A dataset folder beside the built-in shapes. */
  data: string | undefined;
}

/** What the runner computes with, and the dataset that it has announced. */
export interface Source {
  engine: string;
  device: string;
  dataset: { name: string };
}

/** A whole Crosscheck on this machine: database, server, dashboard and a runner. */
export class Laboratory {
  private readonly programs: Program[] = [];

  private constructor(
    readonly api: Api,
    private readonly home: string,
    private readonly temporary: boolean,
    private readonly stopped: Stopped,
  ) {}

  /**
   * Opens one, works in it and closes it. A temporary folder is removed unless something failed, because its logs say what.
   * @param work returns whether all went well
   * @returns the exit code: of `work`, or EXIT.interrupted when the user stopped it
   */
  static async use(
    options: LaboratoryOptions,
    stopped: Stopped,
    work: (laboratory: Laboratory, source: Source) => Promise<boolean>,
  ): Promise<ExitCode> {
    // A folder that is not there, or of no known layout, is refused before anything is started.
    if (options.data) parseDataOptions([options.data]);
    const [home, port] = [await homeFolder(options.home), await freePort(options.port)];
    const laboratory = new Laboratory(new Api(`http://127.0.0.1:${port}`), home, !options.home, stopped);
    let failed = true;
    try {
      await laboratory.startServer(port);
      const wentWell = await work(laboratory, await laboratory.startRunner(options.data));
      failed = !wentWell;
      return wentWell ? EXIT.done : EXIT.failed;
    } catch (error) {
      failed = !(error instanceof Interrupted);
      if (failed) throw error;
      if (options.home) console.error(`Everything is kept in ${home}: run the same command again to resume.`);
      return EXIT.interrupted;
    } finally {
      await laboratory.close(failed);
    }
  }

  /** Shows the progress of a study until all of its runs have ended. @throws Interrupted */
  async follow(studyId: string): Promise<ProgressRun[]> {
    const progress = new Progress();
    const atWork = new Set(['QUEUED', 'RUNNING', 'CANCELING']);
    while (!this.stopped.yet) {
      const { study } = await this.api.send(StudyProgressDocument, { studyId });
      const runs = study?.runs.edges.map((edge) => edge.node) ?? [];
      progress.show(runs);
      if (!runs.some((run) => atWork.has(run.state))) return runs;
      for (const program of this.programs) await program.assertRunning();
      await Promise.race([new Promise((wake) => setTimeout(wake, 1000)), this.stopped.promise]);
    }
    throw new Interrupted();
  }

  /** Stops everything. */
  private async close(failed: boolean): Promise<void> {
    // The runner first, so that it can still return its run to the server.
    for (const program of this.programs.reverse()) await program.stop(30);
    if (!this.temporary) return;
    if (failed) console.error(`Database and logs are kept in ${this.home}`);
    // A server that was stopped while it started leaves a PostgreSQL that is still writing when it ends.
    else await rm(this.home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  private start(name: string, args: string[], env: Record<string, string> = {}): Program {
    return Program.start(name, args, this.home, env);
  }

  private async startServer(port: number): Promise<void> {
    console.log('Starting PostgreSQL and the server …');
    const server = this.start('server', ['server'], {
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: `${this.home}/server`,
      // Whatever the shell's environment says, a laboratory touches no other database and asks for no token.
      DATABASE_URL: '',
      AUTH: 'off',
      CROSSCHECK_USER_TOKEN: '',
      CROSSCHECK_REGISTRATION_TOKEN: '',
      LOG_LEVEL: 'info',
    });
    this.programs.push(server);
    // Read from its own output: another server may have taken the port in the meantime, and would answer in its place.
    await waitFor('the server', server, 90, this.stopped, async () => server.printed('Crosscheck is up') || null);
    console.log(`Dashboard: ${this.api.url}`);
  }

  /** Starts the agent and waits until it has announced the dataset. */
  private async startRunner(data: string | undefined): Promise<Source> {
    const home = ['--home', `${this.home}/runner`];
    const folder = data ? ['--data', data] : [];
    const runnerId = (await this.knownRunner()) ?? (await this.register([...home, ...folder]));
    const startedAt = Date.now();
    // The server may have another port than last time.
    const runner = this.start('runner', ['runner', 'start', ...home, ...folder, '--server', this.api.url]);
    this.programs.push(runner);
    return waitFor('the runner to announce its dataset', runner, 120, this.stopped, async () => {
      const { runners } = await this.api.send(RunnersDocument, {});
      const own = runners.find(({ id, lastSeenAt }) => id === runnerId && Date.parse(lastSeenAt) >= startedAt);
      const dataset = own?.datasets.find((one) => (one.kind === 'shapes') === !data);
      return own && dataset ? { engine: own.engine, device: own.device, dataset } : null;
    });
  }

  /** The id of the runner in a reused home, if the server still knows it. */
  private async knownRunner(): Promise<string | null> {
    const identity = identityIn(`${this.home}/runner`);
    if (!identity) return null;
    const { runners } = await this.api.send(RunnersDocument, {});
    return runners.some(({ id }) => id === identity.runnerId) ? identity.runnerId : null;
  }

  /** Registers this machine with a token of its own; the runner's id. */
  private async register(options: string[]): Promise<string> {
    const { createRegistrationToken } = await this.api.send(RegistrationTokenDocument, {
      input: { label: 'demo', uses: 1, expiresInSeconds: 600 },
    });
    const identity = ['--server', this.api.url, '--token', createRegistrationToken.token, '--name', 'this machine'];
    // --force: the home may hold a runner that the server no longer knows.
    const registration = this.start('registration', ['runner', 'register', '--force', ...identity, ...options]);
    await Promise.race([registration.finished(), this.stopped.promise]);
    if (this.stopped.yet) {
      await registration.stop(10);
      throw new Interrupted();
    }
    return readIdentity(`${this.home}/runner`).runnerId;
  }
}

/** null when there is none, or a damaged one, which is then replaced. */
function identityIn(home: string): RunnerIdentity | null {
  try {
    return readIdentity(home);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
