import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { TestStack } from '../e2e/support/test-stack.js';
import { EXIT } from '../schema/exit-codes.js';
import { classes } from './api/classes.js';
import { BenchDatabase } from './api/database.js';
import { growth } from './api/growth.js';
import { addLongRun, exported, histories, type LongRun } from './api/histories.js';
import { ingest } from './api/ingest.js';
import { addLab } from './api/lab.js';
import { lists } from './api/lists.js';
import { liveShape } from './api/live-shape.js';
import { pivots } from './api/pivots.js';
import { bytesPerPoint, walPerPoint } from './api/size.js';
import { ServerProcess } from './documents/server-process.js';

/**
 * Measures how points are stored and read, with a real server in a process of its own and PostgreSQL: prints one JSON line.
 * `npm run bench:api -- [--batches N] [--live-seconds S] [--only PART,PART] [--growth MILLIONS,MILLIONS]`; N is for each client.
 * The parts are size, ingest, live, histories, classes, lists, pivots (tables of studies) and growth. Growth repeats histories and
 * a short ingest with that many million points and a thousand runs for each million; 100 need 10 GB of disk.
 */
const { values: options } = parseArgs({
  options: {
    batches: { type: 'string', default: '300' },
    'live-seconds': { type: 'string', default: '600' },
    only: { type: 'string', default: 'size,ingest,live,histories,classes,lists,pivots' },
    growth: { type: 'string', default: '1,10,100' },
  },
});
const batches = Number(options.batches);
/** Until V8 has optimised the code: after 400 reports, it still spends a good part of the server's processor time on that. */
const WARM_UP = 1500;

/** What is measured, in this order. */
const PARTS: Record<string, () => Promise<object>> = {
  size: async () => ({
    bytesPerPoint: await bytesPerPoint(stack, database, [30, 600, 10_000]),
    walBytesPerPoint: await walPerPoint(stack, database, 2000),
  }),
  ingest: async () => ({
    // The first round also compiles the code.
    warmUp: (await ingest(stack, database, 1, WARM_UP)).ratio,
    ingest: [await ingest(stack, database, 1, batches), await ingest(stack, database, 4, batches)],
  }),
  live: async () => ({ live: await liveShape(stack, database, Number(options['live-seconds'])) }),
  histories: async () => ({
    histories: await histories(stack, database, await long()),
    export: await exported(stack, database, await long()),
  }),
  classes: async () => ({ classes: await classes(stack, database) }),
  lists: async () => {
    await addLab(stack, database);
    return { lists: await lists(stack, database) };
  },
  pivots: async () => ({ pivots: await pivots(stack, database) }),
  growth: async () => ({ growth: await growth(stack, database, await long(), options.growth.split(',').map(Number)) }),
};
const wanted = options.only.split(',');
const unknown = wanted.filter((part) => !(part in PARTS));
if (unknown.length > 0) {
  console.error(`error: --only: there is no ${unknown.join()}; choose from ${Object.keys(PARTS).join()}`);
  process.exit(EXIT.refused);
}

const database = await BenchDatabase.start();
const stack = new TestStack({ DATABASE_URL: database.url });
let longRun: LongRun | null = null;
async function long(): Promise<LongRun> {
  longRun ??= await addLongRun(stack, database);
  return longRun;
}

try {
  const server = await stack.startServer();
  let result: object = { bench: 'api' };
  for (const [part, measure] of Object.entries(PARTS)) {
    if (wanted.includes(part)) result = { ...result, ...(await measure()) };
  }
  const serverPeakMb = Math.round(new ServerProcess(server.pid, `${stack.url}/metrics`, '').peak() / 1e6);
  const machine = `${cpus().length} cores, ${cpus()[0]!.model}`;
  console.log(JSON.stringify({ ...result, serverPeakMb, node: process.version, machine }));
} finally {
  await stack.close();
  await database.close();
}
