import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { comparisonStudy } from '../schema/comparison-config.js';
import { DemoCreateStudyDocument, DemoStudiesDocument, StudyReportDocument } from '../schema/generated/demo/graphql.js';
import { Laboratory } from './laboratory.js';
import { positiveInt } from './options.js';
import { renderReport } from './report.js';
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

/** Trains the comparison on a dataset through server and runner and prints its table: mean ± deviation over the seeds. */
async function study(options: Options): Promise<boolean> {
  const stopped = signalled();
  const { laboratory, source } = await Laboratory.open({
    home: options.home ?? null,
    port: options.port,
    data: options.data,
  });
  const { api } = laboratory;
  let failed = true;
  try {
    const plan = comparisonStudy(source.dataset.name, { labelledImages: options.labelled }, options.seeds);
    if (options.iterations) plan.base.training = { ...plan.base.training, iterations: options.iterations };

    const { studies } = await api.send(DemoStudiesDocument, {});
    const begun = studies.edges.find(({ node }) => node.name === plan.name)?.node.id;
    const id = begun ?? (await api.send(DemoCreateStudyDocument, { input: plan })).createStudy.id;
    console.log(`${begun ? 'Going on with' : 'Training'} ${plan.name} on ${source.engine} (${source.device})`);

    const runs = await laboratory.follow(id, stopped);
    if (!runs) return false;
    const { study: done } = await api.send(StudyReportDocument, { studyId: id });
    if (done) console.log(`\n${renderTable(done.table)}\n`);
    if (done && options.report) await writeFile(options.report, `# ${done.name}\n\n${renderReport(done)}`);
    for (const run of runs.filter((one) => one.state !== 'COMPLETED')) {
      console.error(`${run.name}: ${run.state.toLowerCase()}${run.failure ? `: ${run.failure}` : ''}`);
    }
    failed = runs.some((run) => run.state !== 'COMPLETED');
    return !failed;
  } finally {
    await laboratory.close(failed);
  }
}

const command = new Command('study')
  .description('Compares supervised training, Mean Teacher, CPS and CPS + CutMix on a dataset, several seeds each.')
  .requiredOption('--data <directory>', 'a dataset folder, such as camvid-small')
  .option('--labelled <count>', 'how many training images keep their labels', positiveInt, 22)
  .addOption(new Option('--seeds <count>', 'runs of each method').argParser(positiveInt).default(3))
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
