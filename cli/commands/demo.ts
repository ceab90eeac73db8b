import { Command } from 'commander';
import type { ExitCode } from '../../schema/exit-codes.js';
import { withNotes } from '../help.js';
import { portNumber, positiveInt } from '../options.js';
import type { Shell } from '../shell.js';

interface Options {
  exit: boolean;
  data?: string;
  port: number;
  iterations?: number;
  home?: string;
}

/** Everything Crosscheck does, once, on this machine: database, server, dashboard, a runner, and a study of three runs. */
async function demo(options: Options): Promise<ExitCode> {
  const [{ demoStudy, folderStudy }, { LocalSession }, { beginOrResume, isUnfinished, printResult }, { signalled }] =
    await Promise.all([
      import('../../schema/demo-config.js'),
      import('../local-stack/local-session.js'),
      import('../local-stack/studies.js'),
      import('../local-stack/stopped.js'),
    ]);
  const stopped = signalled();
  // Without --home, each demo gets a new folder: demos may run side by side, and each begins with an empty database.
  const where = { home: options.home ?? null, port: options.port, data: options.data };
  return LocalSession.use(where, stopped, async (session, source) => {
    const { api } = session;
    const plan = options.data ? folderStudy(source.dataset.name) : demoStudy;
    if (options.iterations) plan.base.training = { ...plan.base.training, iterations: options.iterations };
    const { id, resumed } = await beginOrResume(api, plan, isUnfinished);
    const verb = resumed ? 'Resuming the study' : 'Training';
    console.log(`${verb} on ${source.engine} (${source.device}), dataset ${source.dataset.name}:`);

    const runs = await session.follow(id);
    await printResult(api, id, runs);
    console.log(`Dashboard: ${api.url}/studies/${id}`);
    if (!options.exit) {
      console.log('Press Ctrl-C to stop.');
      await stopped.promise;
    }
    return runs.every((run) => run.state === 'COMPLETED');
  });
}

export function demoCommand({ end }: Shell): Command {
  const command = new Command('demo')
    .description('Trains supervised, CPS and CPS + CutMix on this machine and compares them.')
    .option('--exit', 'exit when the three runs have ended', false)
    .option('--data <dir>', 'a dataset folder instead of the built-in shapes')
    .option('--port <port>', "the server's port; a free one if this one is taken", portNumber, 4000)
    .option('--iterations <count>', 'train this many iterations instead of the default', positiveInt)
    .option('--home <dir>', 'keep everything in this folder, so that the same command resumes an interrupted demo')
    .action(async (options: Options) => end(await demo(options)));
  return withNotes(command, {
    examples: [
      ['demo', 'runs until Ctrl-C'],
      ['demo --exit --iterations 100', 'shorter, and exits when done'],
      ['demo --data /data/camvid --home ~/demo', 'on your own images, keeping everything'],
    ],
    exitCodes: {
      done: 'all three runs completed',
      failed: 'a run failed, or something unexpected went wrong',
      refused: 'a bad argument or dataset, or the home holds a study with different settings',
      interrupted: 'stopped by Ctrl-C or SIGTERM before the runs had ended',
    },
  });
}
