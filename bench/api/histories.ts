import type { TestStack } from '../../e2e/support/test-stack.js';
import { insertPoints } from '../../server/testing/insert-points.js';
import { msOf, quantile } from '../measure.js';
import type { BenchDatabase } from './database.js';
import { claimed } from './ingest.js';

const LONG = 1_000_000;
const REPEATS = 15;

/** The median time of each request, and the 99th percentile of the empty queries that were sent meanwhile, in milliseconds. */
export type Histories = Record<string, { ms: number; emptyMs: number }>;

/** Reads one series of a million points in several ways. */
export async function histories(stack: TestStack, database: BenchDatabase): Promise<Histories> {
  const { runId } = await claimed(stack);
  const [series] = await database.query<{ id: number }>(
    `INSERT INTO series (run_id, name) VALUES ($1, 'long') RETURNING id`,
    [runId],
  );
  const { blocks, newest } = insertPoints(
    `SELECT $1::int AS series_id, step, sin(step / 1000.0) + (step % 1000 * 7919 % 1000) / 1e4 AS value FROM generate_series(1, ${LONG}) step`,
  );
  await database.query(blocks, [series!.id]);
  await database.query(newest);
  await database.query('VACUUM ANALYZE point_blocks');
  const read = (args: string, fields = 'steps values') =>
    stack.send(`query ($id: ID!) { run(id: $id) { metrics(${args}) { ${fields} } } }`, { id: runId });
  return {
    'a million to 1,000': await timed(stack, () => read('maxPoints: 1000')),
    'a million to 5,000': await timed(stack, () => read('maxPoints: 5000')),
    'a zoom to 5,000': await timed(stack, () => read('maxPoints: 5000, fromStep: 400001, toStep: 600000')),
    '10,000 in full with times': await timed(stack, () =>
      read('maxPoints: 10000, fromStep: 500001, toStep: 510000', 'steps values times'),
    ),
  };
}

async function timed(stack: TestStack, work: () => Promise<unknown>): Promise<{ ms: number; emptyMs: number }> {
  const times: number[] = [];
  const empty: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    let isDone = false;
    const beside = async () => {
      while (!isDone) empty.push(await msOf(() => stack.send('{ __typename }')));
    };
    const asking = beside();
    times.push(await msOf(work));
    isDone = true;
    await asking;
  }
  return { ms: quantile(times, 0.5), emptyMs: quantile(empty, 0.99) };
}
