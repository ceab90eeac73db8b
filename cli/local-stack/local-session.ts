import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProgramFailed } from '../../processes/program.js';
import { until } from '../../processes/until.js';
import { parseDataOptions } from '../../runner/agent/data-sources.js';
import { type RunnerIdentity, readIdentity } from '../../runner/agent/identity.js';
import { BUILT_IN } from '../../runner/data/open.js';
import { EXIT, type ExitCode, UserError } from '../../schema/exit-codes.js';
import { RunnersDocument, StudyProgressDocument } from '../../schema/generated/cli/graphql.js';
import type { Api } from '../api.js';
import { Progress, type ProgressRun } from '../output/progress.js';
import { homeFolder } from './home.js';
import { LocalStack } from './local-stack.js';
import { Interrupted, type Stopped, unlessStopped } from './stopped.js';

export interface LocalSessionOptions {
  /** Where the database and the runner's state are kept; null means a temporary folder. */
  home: string | null;
  /** The server's port. If it is in use, the server takes a free one. */
  port: number;
  /** The folder of a dataset, in addition to the built-in shapes. */
  data: string | undefined;
  /** Further options of `runner register`, such as those that choose an engine. */
  register?: readonly string[];
}

/** What the runner computes with, and the dataset that it has announced. */
export interface Source {
  engine: string;
  device: string;
  dataset: { name: string };
}

/** The name of the runner's home in the session's folder. A resumed session finds it there. */
const RUNNER = 'runner';

/** A local stack with one runner, which lasts as long as a command works in it. */
export class LocalSession {
  private constructor(
    private readonly stack: LocalStack,
    private readonly stopped: Stopped,
  ) {}

  /**
   * Opens a session, works in it and closes it. Removes a temporary folder, unless something failed: the logs may say why.
   * @param work returns whether it succeeded
   * @returns the exit code of `work`, or EXIT.interrupted if the user stopped it
   */
  static async use(
    options: LocalSessionOptions,
    stopped: Stopped,
    work: (session: LocalSession, source: Source) => Promise<boolean>,
  ): Promise<ExitCode> {
    // Reject a missing folder, or one with an unknown layout, before anything is started.
    if (options.data) parseDataOptions([options.data]);
    const folder = await homeFolder(options.home);
    // Ctrl-C only reaches this process, which then stops the programs in order.
    const stack = new LocalStack({ folder, port: options.port, detached: true });
    const session = new LocalSession(stack, stopped);
    let failed = true;
    try {
      console.log('Starting PostgreSQL and the server …');
      await unlessStopped(stopped, stack.startServer());
      console.log(`Dashboard: ${session.api.url}`);
      const wentWell = await work(session, await session.startRunner(options));
      failed = !wentWell;
      return wentWell ? EXIT.done : EXIT.failed;
    } catch (error) {
      failed = !(error instanceof Interrupted);
      // The user can correct what a program has rejected, such as a dataset.
      if (error instanceof ProgramFailed && error.ending === EXIT.refused) throw new UserError(error.message);
      if (failed) throw error;
      if (options.home) console.error(`Everything is kept in ${folder}: run the same command again to resume.`);
      return EXIT.interrupted;
    } finally {
      await stack.close();
      if (!options.home) await leave(folder, failed);
    }
  }

  get api(): Api {
    return this.stack.api;
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
      await this.stack.assertRunning();
      await Promise.race([sleep(1000), this.stopped.promise]);
    }
    throw new Interrupted();
  }

  /** Starts the agent and waits until it has announced the dataset. */
  private async startRunner({ data, register = [] }: LocalSessionOptions): Promise<Source> {
    const folder = data ? ['--data', data] : [];
    if (!(await this.isKnown())) {
      // --force: the home may hold a runner that the server no longer knows.
      const options = ['--force', '--name', 'this machine', ...register, ...folder];
      await unlessStopped(this.stopped, this.stack.registerRunner(RUNNER, ...options));
    }
    const { runnerId } = readIdentity(this.stack.home(RUNNER));
    const startedAt = Date.now();
    // The server may have another port than last time.
    this.stack.startRunner(RUNNER, ...folder, '--server', this.api.url);
    return until('the runner to announce its dataset', 120, async () => {
      if (this.stopped.yet) throw new Interrupted();
      await this.stack.assertRunning();
      const { runners } = await this.api.send(RunnersDocument, {});
      const own = runners.find(({ id, lastSeenAt }) => id === runnerId && Date.parse(lastSeenAt) >= startedAt);
      const dataset = own?.datasets.find(({ kind }) =>
        data ? BUILT_IN.every((one) => one.kind !== kind) : kind === 'shapes',
      );
      return own && dataset ? { engine: own.engine, device: own.device, dataset } : null;
    });
  }

  /** Whether a reused home holds a runner that the server still knows. */
  private async isKnown(): Promise<boolean> {
    const identity = identityIn(this.stack.home(RUNNER));
    if (!identity) return false;
    const { runners } = await this.api.send(RunnersDocument, {});
    return runners.some(({ id }) => id === identity.runnerId);
  }
}

/** Removes a temporary folder, unless its logs say what failed. */
async function leave(folder: string, failed: boolean): Promise<void> {
  if (failed) console.error(`Database and logs are kept in ${folder}`);
  // If the server was stopped while it was starting, PostgreSQL may still be writing after the server has ended.
  else await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** The identity in this home. Null if there is none or it is corrupt; registering then replaces it. */
function identityIn(home: string): RunnerIdentity | null {
  try {
    return readIdentity(home);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
