import { Command } from 'commander';
import { demoStudy, folderStudy } from '../schema/demo-config.js';
import { DemoCreateStudyDocument, DemoTableDocument } from '../schema/generated/demo/graphql.js';
import { Laboratory } from './laboratory.js';
import { positiveInt } from './options.js';
import { signalled } from './stopped.js';
import { renderTable } from './table.js';

interface Options {
  exit: boolean;
  data?: string;
  port: number;
  iterations?: number;
}

/** Everything Crosscheck does, once, on this machine: database, server, dashboard, a runner, and a study of three runs. */
function demo(options: Options): Promise<boolean> {
  const stopped = signalled();
  // A folder of its own each time: demos may run side by side, and each begins with an empty database.
  const where = { home: null, port: options.port, data: options.data };
  return Laboratory.use(where, stopped, async (laboratory, source) => {
    const { api } = laboratory;
    const study = options.data ? folderStudy(source.dataset.name) : demoStudy;
    if (options.iterations) study.base.training = { ...study.base.training, iterations: options.iterations };
    const { createStudy } = await api.send(DemoCreateStudyDocument, { input: study });
    console.log(`Training on ${source.engine} (${source.device}), dataset ${source.dataset.name}:`);

    const runs = await laboratory.follow(createStudy.id);
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
    return runs.every((run) => run.state === 'COMPLETED');
  });
}

const command = new Command('demo')
  .description('Trains supervised, CPS and CPS + CutMix on this machine and compares them.')
  .option('--exit', 'end when the three runs have ended: exit code 0 when all have completed', false)
  .option('--data <directory>', 'a folder dataset instead of the built-in shapes')
  .option('--port <port>', 'port of the server; a free one when it is taken', positiveInt, 4000)
  .option('--iterations <count>', 'train this many iterations instead of the default', positiveInt)
  .parse();

try {
  process.exitCode = (await demo(command.opts())) ? 0 : 1;
} catch (error) {
  console.error(`demo: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
