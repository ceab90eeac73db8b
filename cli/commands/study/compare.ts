import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { type ExitCode, UserError } from '../../../schema/exit-codes.js';
import { withNotes } from '../../help.js';
import { portNumber, positiveInt } from '../../options.js';
import type { Shell } from '../../shell.js';

interface Options {
  data: string;
  labelled: number;
  seeds: number;
  iterations?: number;
  home?: string;
  report?: string;
  port: number;
}

/** Progress and report show the first 100 runs of a study, and there are four methods. */
const MOST_SEEDS = 25;

/** Trains the comparison on a dataset through server and runner, and prints its table: mean ± deviation over the seeds. */
async function compare(options: Options): Promise<ExitCode> {
  const [{ comparisonStudy }, { LocalSession }, { beginOrResume, printResult }, { signalled }, { studyReport }] =
    await Promise.all([
      import('../../../schema/comparison-config.js'),
      import('../../local-stack/local-session.js'),
      import('../../local-stack/studies.js'),
      import('../../local-stack/stopped.js'),
      import('../../output/report.js'),
    ]);
  if (options.report) await refuseUnwritable(options.report);
  const where = { home: options.home ?? null, port: options.port, data: options.data };
  return LocalSession.use(where, signalled(), async (session, source) => {
    const { api } = session;
    const plan = comparisonStudy(source.dataset.name, { labelledImages: options.labelled }, options.seeds);
    if (options.iterations) plan.base.training = { ...plan.base.training, iterations: options.iterations };
    const { id, resumed } = await beginOrResume(api, plan, () => true);
    console.log(`${resumed ? 'Resuming' : 'Training'} ${plan.name} on ${source.engine} (${source.device})`);

    const runs = await session.follow(id);
    const table = await printResult(api, id, runs);
    if (table && options.report) await writeFile(options.report, await studyReport(api, id, table));
    return runs.every((run) => run.state === 'COMPLETED');
  });
}

/** Before the training, which takes hours. */
async function refuseUnwritable(report: string): Promise<void> {
  const folder = dirname(report);
  await access(folder, constants.W_OK).catch(() => {
    throw new UserError(`--report ${report}: the folder ${folder} does not exist or is not writable`);
  });
}

function seedCount(text: string): number {
  const count = positiveInt(text);
  if (count > MOST_SEEDS) throw new InvalidArgumentError(`must be at most ${MOST_SEEDS}.`);
  return count;
}

export function compareCommand({ end }: Shell): Command {
  const command = new Command('compare')
    .description(
      'Compares supervised training, Mean Teacher, CPS and CPS + CutMix on a dataset, with several seeds each.',
    )
    .requiredOption('--data <dir>', 'a dataset folder, such as camvid-small')
    .option('--labelled <count>', 'how many training images keep their labels', positiveInt, 22)
    .option('--seeds <count>', 'runs per method, each with a different seed', seedCount, 3)
    .option('--iterations <count>', 'train this many iterations instead of 3,000', positiveInt)
    .option('--home <dir>', 'keep everything in this folder, so that the same command resumes an interrupted study')
    .option('--report <file>', 'write a Markdown file with the table, every run and the exact configurations')
    .option('--port <port>', "the server's port; a free one if this one is taken", portNumber, 4000)
    .action(async (options: Options) => end(await compare(options)));
  return withNotes(command, {
    examples: [
      ['study compare --data /data/camvid --home ~/camvid-study', 'the same command resumes it'],
      ['study compare --data /data/camvid --seeds 1 --report study.md', 'a quick look, with a Markdown report'],
    ],
    exitCodes: {
      done: 'all runs completed',
      failed: 'a run failed, or something unexpected went wrong',
      refused: 'a bad argument or dataset, or the home holds a study with different settings',
      interrupted: 'stopped by Ctrl-C or SIGTERM before the runs had ended',
    },
  });
}
