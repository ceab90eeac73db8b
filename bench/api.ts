import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { TestStack } from '../e2e/support/test-stack.js';
import { BenchDatabase } from './api/database.js';
import { histories } from './api/histories.js';
import { ingest } from './api/ingest.js';
import { liveShape } from './api/live-shape.js';
import { bytesPerPoint, walPerPoint } from './api/size.js';

/**
 * Measures how points are stored and read, with a real server in a process of its own and PostgreSQL: prints one JSON line.
 * `npm run bench:api -- [--batches N] [--live-seconds S] [--only ingest,live,size,histories]`; N is for each client.
 */
const { values: options } = parseArgs({
  options: {
    batches: { type: 'string', default: '300' },
    'live-seconds': { type: 'string', default: '600' },
    only: { type: 'string', default: 'ingest,live,size,histories' },
  },
});
const batches = Number(options.batches);
const WARM_UP = 300;
const database = await BenchDatabase.start();
const stack = new TestStack({ DATABASE_URL: database.url });

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
  histories: async () => ({ histories: await histories(stack, database) }),
};
const wanted = options.only.split(',');
const unknown = wanted.filter((part) => !(part in PARTS));
if (unknown.length > 0)
  throw new Error(`--only: there is no ${unknown.join()}; choose of ${Object.keys(PARTS).join()}`);

try {
  await stack.startServer();
  let result: object = { bench: 'api' };
  for (const [part, measure] of Object.entries(PARTS)) {
    if (wanted.includes(part)) result = { ...result, ...(await measure()) };
  }
  const machine = `${cpus().length} cores, ${cpus()[0]!.model}`;
  console.log(JSON.stringify({ ...result, node: process.version, machine }));
} finally {
  await stack.close();
  await database.close();
}
