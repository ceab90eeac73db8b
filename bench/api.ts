import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { TestStack } from '../e2e/support/test-stack.js';
import { BenchDatabase } from './api/database.js';
import { addSeries, POINTS_OF_A_SERIES } from './api/fill.js';
import { growth } from './api/growth.js';
import { addLongRun, exported, histories } from './api/histories.js';
import { ingest } from './api/ingest.js';
import { bytesPerPoint, walPerPoint } from './api/size.js';
import { ServerProcess } from './documents/server-process.js';

/**
 * Measures how points are stored and read, with a real server in a process of its own and PostgreSQL: prints one JSON line.
 * `npm run bench:api -- [--only PART,PART] [--batches N] [--growth MILLIONS,MILLIONS]`
 * The parts are ingest, size and histories. `--growth 1,10,100` repeats histories and a short ingest with that many million
 * points and a thousand runs for each million; 100 need 10 GB of disk.
 */
const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: 'ingest,size,histories' },
    batches: { type: 'string', default: '300' },
    growth: { type: 'string' },
  },
});
const parts = new Set(options.only.split(','));
const batches = Number(options.batches);
const database = await BenchDatabase.start();
const stack = new TestStack({ DATABASE_URL: database.url });

try {
  const server = await stack.startServer();
  const result: Record<string, unknown> = {
    bench: 'api',
    node: process.version,
    machine: `${cpus().length} cores, ${cpus()[0]!.model}`,
  };
  if (parts.has('size')) {
    result.bytesPerPoint = await bytesPerPoint(stack, database, [30, 600, 10_000]);
    result.walBytesPerPoint = await walPerPoint(stack, database, 2000);
  }
  if (parts.has('ingest')) {
    result.ingest = [await ingest(stack, database, 1, batches), await ingest(stack, database, 4, batches)];
  }
  if (parts.has('histories') || options.growth) {
    const long = await addLongRun(stack, database);
    if (parts.has('histories')) {
      result.histories = await histories(stack, database, long);
      result.export = await exported(stack, database, long);
    }
    if (options.growth) {
      const short = await addSeries(database, long.runId, 'short', POINTS_OF_A_SERIES);
      result.growth = await growth(stack, database, long, short, options.growth.split(',').map(Number));
    }
  }
  const peak = new ServerProcess(server.pid, `${stack.url}/metrics`, '').peak();
  console.log(JSON.stringify({ ...result, serverPeakMb: Math.round(peak / 1e6) }));
} finally {
  await stack.close();
  await database.close();
}
