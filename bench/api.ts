import { cpus } from 'node:os';
import { TestStack } from '../e2e/support/test-stack.js';
import { BenchDatabase } from './api/database.js';
import { histories } from './api/histories.js';
import { ingest } from './api/ingest.js';
import { bytesPerPoint, walPerPoint } from './api/size.js';

/**
 * Measures how points are stored and read, with a real server in a process of its own and PostgreSQL: prints one JSON line.
 * `npm run bench:api -- [batches per client]`
 */
const batches = Number(process.argv[2] ?? 300);
const database = await BenchDatabase.start();
const stack = new TestStack({ DATABASE_URL: database.url });

try {
  await stack.startServer();
  const bytes = await bytesPerPoint(stack, database, [30, 600, 10_000]);
  const result = {
    bench: 'api',
    ingest: [await ingest(stack, database, 1, batches), await ingest(stack, database, 4, batches)],
    bytesPerPoint: bytes,
    walBytesPerPoint: await walPerPoint(stack, database, 2000),
    histories: await histories(stack, database),
    node: process.version,
    machine: `${cpus().length} cores, ${cpus()[0]!.model}`,
  };
  console.log(JSON.stringify(result));
} finally {
  await stack.close();
  await database.close();
}
