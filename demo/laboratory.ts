import { rm } from 'node:fs/promises';
import {
  DemoProgressDocument,
  DemoRegistrationTokenDocument,
  DemoRunnersDocument,
} from '../schema/generated/demo/graphql.js';
import { Api } from './api.js';
import { homeFolder } from './home.js';
import { freePort, Program, waitFor } from './processes.js';
import { type DemoRun, Progress } from './progress.js';
import { Interrupted, type Stopped } from './stopped.js';

export interface LaboratoryOptions {
  /** Where the database and the runner's state lie, and stay; null: in a temporary folder. */
  home: string | null;
  /** The server's port; a free one when it is taken. */
  port: number;
  /** A dataset folder beside the built-in shapes. */
  data: string | undefined;
}

/** Where a runner's dataset is used, as it was announced. */
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
   * Opens one, works in it and closes it. Its temporary folder is removed unless something failed: the logs in it say what.
   * @param work answers whether all went well
   * @returns what `work` answers; false when the user interrupted it
   */
  static async use(
    options: LaboratoryOptions,
    stopped: Stopped,
    work: (laboratory: Laboratory, source: Source) => Promise<boolean>,
  ): Promise<boolean> {
    const [home, port] = [await homeFolder(options.home), await freePort(options.port)];
    const laboratory = new Laboratory(new Api(`http://127.0.0.1:${port}`), home, !options.home, stopped);
    let failed = true;
    try {
      await laboratory.startServer(port);
      const wentWell = await work(laboratory, await laboratory.startRunner(options.data));
      failed = !wentWell;
      return wentWell;
    } catch (error) {
      failed = !(error instanceof Interrupted);
      if (failed) throw error;
      return false;
    } finally {
      await laboratory.close(failed);
    }
  }

  /** Shows the progress of a study until no run is left to do. @throws Interrupted */
  async follow(studyId: string): Promise<DemoRun[]> {
    const progress = new Progress();
    const atWork = new Set(['QUEUED', 'RUNNING', 'CANCELING']);
    while (!this.stopped.yet) {
      const { study } = await this.api.send(DemoProgressDocument, { studyId });
      const runs = study?.runs.edges.map((edge) => edge.node) ?? [];
      progress.show(runs);
      if (!runs.some((run) => atWork.has(run.state))) return runs;
      for (const program of this.programs) program.assertRunning();
      await Promise.race([new Promise((wake) => setTimeout(wake, 1000)), this.stopped.promise]);
    }
    throw new Interrupted();
  }

  /** Stops everything. */
  private async close(failed: boolean): Promise<void> {
    // The runner first, so that it can still say goodbye to the server.
    for (const program of this.programs.reverse()) await program.stop(30);
    if (!this.temporary) return;
    if (failed) console.error(`Database and logs are kept in ${this.home}`);
    // A server that was stopped while it started leaves a PostgreSQL that is still writing when it ends.
    else await rm(this.home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  private start(name: string, script: string, args: string[], env: Record<string, string> = {}): Program {
    return Program.start(name, script, args, this.home, env);
  }

  private async startServer(port: number): Promise<void> {
    console.log('Starting PostgreSQL and the server …');
    const server = this.start('server', 'server/main.js', [], {
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: `${this.home}/server`,
      // Whatever this shell is set up for, the demo touches no other database and asks for no token.
      DATABASE_URL: '',
      AUTH: 'off',
      CROSSCHECK_USER_TOKEN: '',
      CROSSCHECK_REGISTRATION_TOKEN: '',
    });
    this.programs.push(server);
    await waitFor('the server', server, 90, this.stopped, async () =>
      (await fetch(`${this.api.serverUrl}/healthz`)).ok ? true : null,
    );
    console.log(`Dashboard: ${this.api.serverUrl}`);
  }

  /** Registers this machine with a token of its own, starts the agent and waits until it has announced the dataset. */
  private async startRunner(data: string | undefined): Promise<Source> {
    const { createRegistrationToken } = await this.api.send(DemoRegistrationTokenDocument, {
      input: { label: 'demo', uses: 1, expiresInSeconds: 600 },
    });
    const home = ['--home', `${this.home}/runner`];
    const identity = [
      '--server',
      this.api.serverUrl,
      '--token',
      createRegistrationToken.token,
      '--name',
      'this machine',
    ];
    const folder = data ? ['--data', data] : [];
    // A home that is used again belongs to the runner of last time, whose server had another port.
    const registration = this.start('registration', 'runner/main.js', [
      'register',
      '--force',
      ...home,
      ...identity,
      ...folder,
    ]);
    await Promise.race([registration.finished(), this.stopped.promise]);
    if (this.stopped.yet) {
      await registration.stop(10);
      throw new Interrupted();
    }
    const runner = this.start('runner', 'runner/main.js', ['start', ...home]);
    this.programs.push(runner);
    return waitFor('the runner to announce its dataset', runner, 120, this.stopped, async () => {
      const { runners } = await this.api.send(DemoRunnersDocument, {});
      const online = runners.find((one) => one.state === 'ONLINE');
      const dataset = online?.datasets.find((one) => (one.kind === 'shapes') === !data);
      return online && dataset ? { engine: online.engine, device: online.device, dataset } : null;
    });
  }
}
