import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { comparisonStudy } from '../schema/comparison-config.js';
import type { StudyPlan } from '../schema/demo-config.js';
import {
  DemoCreateStudyDocument,
  DemoStudiesDocument,
  DemoTableDocument,
  StudyConfigsDocument,
} from '../schema/generated/demo/graphql.js';
import type { RunConfig, RunConfigInput } from '../schema/run-config.js';
import { expandMatrix } from '../schema/study-matrix.js';
import type { Api } from './api.js';
import { Laboratory } from './laboratory.js';
import { positiveInt } from './options.js';
import { studyReport } from './report.js';
import { signalled } from './stopped.js';
import { renderTable } from './table.js';

interface Options {
  data: string;
  labelled: number;
  seeds: number;
  iterations?: number;
  home?: string;
  report?: string;
  port: number;
}

/** Progress and report hold the first 100 runs of a study, and there are four methods. */
const MOST_SEEDS = 25;

/** Trains the comparison on a dataset through server and runner and prints its table: mean ± deviation over the seeds. */
function study(options: Options): Promise<boolean> {
  const where = { home: options.home ?? null, port: options.port, data: options.data };
  return Laboratory.use(where, signalled(), async (laboratory, source) => {
    const { api } = laboratory;
    const plan = comparisonStudy(source.dataset.name, { labelledImages: options.labelled }, options.seeds);
    if (options.iterations) plan.base.training = { ...plan.base.training, iterations: options.iterations };

    const { studies } = await api.send(DemoStudiesDocument, {});
    const begun = studies.edges.find(({ node }) => node.name === plan.name)?.node.id;
    if (begun) await refuseOtherSettings(api, begun, plan);
    const id = begun ?? (await api.send(DemoCreateStudyDocument, { input: plan })).createStudy.id;
    console.log(`${begun ? 'Going on with' : 'Training'} ${plan.name} on ${source.engine} (${source.device})`);

    const runs = await laboratory.follow(id);
    const { study: done } = await api.send(DemoTableDocument, { studyId: id });
    if (done) console.log(`\n${renderTable(done.table)}\n`);
    if (done && options.report) await writeFile(options.report, await studyReport(api, id, done.table));
    for (const run of runs.filter((one) => one.state !== 'COMPLETED')) {
      console.error(`${run.name}: ${run.state.toLowerCase()}${run.failure ? `: ${run.failure}` : ''}`);
    }
    return runs.every((run) => run.state === 'COMPLETED');
  });
}

function seedCount(text: string): number {
  const count = positiveInt(text);
  if (count > MOST_SEEDS) throw new InvalidArgumentError(`must be at most ${MOST_SEEDS}.`);
  return count;
}

/**
 * @throws Error when the study that was begun has other settings than those asked for: it would not answer what was asked
 */
async function refuseOtherSettings(api: Api, studyId: string, plan: StudyPlan): Promise<void> {
  const { study: begun } = await api.send(StudyConfigsDocument, { studyId });
  const configs = begun?.runs.edges.map(({ node }) => node.config as RunConfig) ?? [];
  const settingsOf = (runs: readonly Pick<RunConfigInput, 'split' | 'training' | 'seed'>[]) => {
    const split = runs[0]?.split;
    const labelled = split && 'labelledImages' in split ? split.labelledImages : 'none';
    const seeds = new Set(runs.map(({ seed }) => seed)).size;
    return `--labelled ${labelled} --seeds ${seeds} --iterations ${runs[0]?.training?.iterations}`;
  };
  const [had, wanted] = [settingsOf(configs), settingsOf(expandMatrix(plan.base, plan.matrix))];
  if (had === wanted) return;
  throw new Error(`"${plan.name}" was begun there with ${had}, not ${wanted}: give the same, or another --home`);
}

const command = new Command('study')
  .description('Compares supervised training, Mean Teacher, CPS and CPS + CutMix on a dataset, several seeds each.')
  .requiredOption('--data <directory>', 'a dataset folder, such as camvid-small')
  .option('--labelled <count>', 'how many training images keep their labels', positiveInt, 22)
  .option('--seeds <count>', 'runs of each method', seedCount, 3)
  .option('--iterations <count>', 'train this many iterations instead of 3,000', positiveInt)
  .option('--home <directory>', 'keep everything there: an interrupted study goes on when it is started again')
  .option('--report <file>', 'write a Markdown file of the table, every run and the exact configurations')
  .option('--port <port>', 'port of the server; a free one when it is taken', positiveInt, 4000)
  .parse();

try {
  process.exitCode = (await study(command.opts())) ? 0 : 1;
} catch (error) {
  console.error(`study: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
