import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { demoStudy, folderStudy } from '../schema/demo-config.js';
import {
  DemoCreateStudyDocument,
  DemoProgressDocument,
  DemoRegistrationTokenDocument,
  DemoRunnersDocument,
  DemoTableDocument,
} from '../schema/generated/demo/graphql.js';
import { Api } from './api.js';
import { freePort, Program, waitFor } from './processes.js';
import { type DemoRun, Progress } from './progress.js';
import { renderTable } from './table.js';

/** Everything Crosscheck does, once, on this machine: database, server, dashboard, a runner, and a study of three runs. */
async function demo(options: { exit: boolean; data?: string; port: number; iterations?: number }): Promise<boolean> {
  // A folder of its own each time: demos may run side by side, and each begins with an empty database.
  const home = await mkdtemp(join(tmpdir(), 'crosscheck-demo-'));
  await chmod(home, 0o755); // PostgreSQL runs as another user when this is root
  const stopped = signalled();
  const programs: Program[] = [];
  let failed = true;
  const start = (name: string, script: string, args: string[], env: Record<string, string> = {}): Program => {
    const program = Program.start(name, script, args, home, env);
    programs.push(program);
    return program;
  };

  try {
    const port = await freePort(options.port);
    const api = new Api(`http://127.0.0.1:${port}`);
    console.log('Starting PostgreSQL and the server …');
    const server = start('server', 'server/main.js', [], {
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: `${home}/server`,
      // Whatever this shell is set up for, the demo touches no other database and asks for no token.
      DATABASE_URL: '',
      AUTH: 'off',
      CROSSCHECK_USER_TOKEN: '',
      CROSSCHECK_REGISTRATION_TOKEN: '',
    });
    await waitFor('the server', 90, async () => {
      server.assertRunning();
      return (await fetch(`${api.serverUrl}/healthz`)).ok ? true : null;
    });
    console.log(`Dashboard: ${api.serverUrl}`);

    const runner = await startRunner(api, start, `${home}/runner`, options.data);
    const beside = [server, runner];
    const source = await announcedDataset(api, runner, !options.data);
    const study = options.data ? folderStudy(source.dataset.name) : demoStudy;
    if (options.iterations) study.base.training = { ...study.base.training, iterations: options.iterations };
    const { createStudy } = await api.send(DemoCreateStudyDocument, { input: study });
    console.log(`Training on ${source.engine} (${source.device}), dataset ${source.dataset.name}:`);

    const runs = await followed(api, createStudy.id, beside, stopped);
    if (!runs) return false;
    const { study: done } = await api.send(DemoTableDocument, { studyId: createStudy.id });
    if (done) console.log(`\n${renderTable(done.table)}\n`);
    for (const run of runs.filter((one) => one.state !== 'COMPLETED')) {
      console.error(`${run.name}: ${run.state.toLowerCase()}${run.failure ? `: ${run.failure}` : ''}`);
    }
    console.log(`Dashboard: ${api.serverUrl}/studies/${createStudy.id}`);
    if (!options.exit) {
      console.log('Ctrl-C ends it.');
      await stopped.promise;
    }
    failed = runs.some((run) => run.state !== 'COMPLETED');
    return !failed;
  } finally {
    // The runner first, so that it can still say goodbye to the server.
    for (const program of programs.reverse()) await program.stop(15);
    // The logs of a demo that failed are worth keeping, and its message names them.
    if (!failed) await rm(home, { recursive: true, force: true });
  }
}

type Start = (name: string, script: string, args: string[]) => Program;

/** Registers this machine with a token of its own and starts the agent. */
async function startRunner(api: Api, start: Start, directory: string, data: string | undefined): Promise<Program> {
  const { createRegistrationToken } = await api.send(DemoRegistrationTokenDocument, {
    input: { label: 'demo', uses: 1, expiresInSeconds: 600 },
  });
  const home = ['--home', directory];
  const identity = ['--server', api.serverUrl, '--token', createRegistrationToken.token, '--name', 'this machine'];
  const folder = data ? ['--data', resolve(data)] : [];
  await start('registration', 'runner/main.js', ['register', ...home, ...identity, ...folder]).finished();
  return start('runner', 'runner/main.js', ['start', ...home]);
}

/** Waits until the runner has announced the built-in dataset, or the other one. */
function announcedDataset(api: Api, program: Program, builtIn: boolean) {
  return waitFor('the runner to announce its dataset', 120, async () => {
    program.assertRunning();
    const { runners } = await api.send(DemoRunnersDocument, {});
    const runner = runners.find((one) => one.state === 'ONLINE');
    const dataset = runner?.datasets.find((one) => (one.kind === 'shapes') === builtIn);
    return runner && dataset ? { engine: runner.engine, device: runner.device, dataset } : null;
  });
}

/** Shows the study's progress until no run is left to do; null when the user interrupted it. */
async function followed(api: Api, studyId: string, beside: Program[], stopped: Stopped): Promise<DemoRun[] | null> {
  const progress = new Progress();
  const atWork = new Set(['QUEUED', 'RUNNING', 'CANCELING']);
  while (!stopped.yet) {
    const { study } = await api.send(DemoProgressDocument, { studyId });
    const runs = study?.runs.edges.map((edge) => edge.node) ?? [];
    progress.show(runs);
    if (!runs.some((run) => atWork.has(run.state))) return runs;
    for (const program of beside) program.assertRunning();
    await Promise.race([new Promise((wake) => setTimeout(wake, 1000)), stopped.promise]);
  }
  return null;
}

interface Stopped {
  yet: boolean;
  promise: Promise<void>;
}

/** Resolves at the first Ctrl-C or SIGTERM. */
function signalled(): Stopped {
  const stopped: Stopped = { yet: false, promise: Promise.resolve() };
  stopped.promise = new Promise((wake) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        stopped.yet = true;
        wake();
      });
    }
  });
  return stopped;
}

function positiveInt(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('must be a whole number from 1 on.');
  return value;
}

const command = new Command('demo')
  .description('Trains supervised, CPS and CPS + CutMix on this machine and compares them.')
  .option('--exit', 'end when the three runs have ended: exit code 0 when all have completed', false)
  .option('--data <directory>', 'a folder with a dataset instead of the built-in shapes')
  .option('--port <port>', 'port of the server; a free one when it is taken', positiveInt, 4000)
  .option('--iterations <count>', 'train this many iterations instead of the default', positiveInt)
  .parse();

try {
  process.exitCode = (await demo(command.opts())) ? 0 : 1;
} catch (error) {
  console.error(`demo: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
