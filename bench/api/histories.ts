import { createHash } from 'node:crypto';
import type { TestStack } from '../../e2e/support/test-stack.js';
import { BLOCK_POINTS } from '../../server/metrics/points/block.js';
import { msOf, quantile } from '../measure.js';
import type { BenchDatabase } from './database.js';
import { addRuns, addSeries, FIRST_TIME, STEP_MS } from './fill.js';
import { claimed } from './ingest.js';

const LONG = 1_000_000;
const REPEATS = 15;
/** Each has a series of some whole blocks. */
const COMPARED = { runs: 10, series: 1, points: 208 * BLOCK_POINTS };

export interface Figure {
  /** The median. */
  ms: number;
  /** The median of a plain SQL query for the same points, in a table that has a row for each. */
  sqlMs: number;
  /** The 99th percentile of empty queries that are sent while the request is repeated. */
  emptyMs: number;
}

/** One run with a series of a million points, in blocks and in a plain table, and ten runs with shorter ones. */
export interface LongRun {
  runId: string;
  seriesId: number;
  compared: string[];
}

export async function addLongRun(stack: TestStack, database: BenchDatabase): Promise<LongRun> {
  const { runId } = await claimed(stack);
  const seriesId = await addSeries(database, runId, 'long', LONG);
  const compared = await addRuns(database, { runId, seriesId }, COMPARED.runs, COMPARED);
  await database.query(
    `CREATE TABLE bench_points (series_id int, step int, value float8, time timestamptz, PRIMARY KEY (series_id, step))`,
  );
  await database.query(
    'INSERT INTO bench_points SELECT series_id, step, value, time FROM points WHERE series_id = $1',
    [seriesId],
  );
  await database.query('VACUUM ANALYZE');
  return { runId, seriesId, compared };
}

/** Reads the points of the long run in several ways. */
export async function histories(stack: TestStack, database: BenchDatabase, long: LongRun) {
  const { runId, seriesId, compared } = long;
  const read =
    (args: string, fields = 'steps values') =>
    () =>
      stack.send(`query ($id: ID!) { run(id: $id) { metrics(${args}) { ${fields} } } }`, { id: runId });
  /** The extremes of equal parts of a range. */
  const reduced = (from: number, to: number, maxPoints: number) => () =>
    database.query(
      `SELECT width_bucket(step, $2, $3, $4) AS bucket, min(value), max(value) FROM bench_points
       WHERE series_id = $1 AND step BETWEEN $2 AND $3 GROUP BY 1 ORDER BY 1`,
      [seriesId, from, to, maxPoints / 2],
    );
  const timeOf = (step: number) => FIRST_TIME + step * STEP_MS;
  const request = (name: string, ask: () => Promise<unknown>, sql: () => Promise<unknown>) =>
    timed(stack, ask, sql).then((figure) => [name, figure] as const);
  return Object.fromEntries([
    await request(
      'nothing',
      () => stack.send('{ __typename }'),
      () => database.query('SELECT 1'),
    ),
    await request('a million to 1,000', read('maxPoints: 1000'), reduced(1, LONG, 1000)),
    await request('a million to 5,000', read('maxPoints: 5000'), reduced(1, LONG, 5000)),
    await request(
      'a zoom to 200,000 by step, to 5,000',
      read('maxPoints: 5000, fromStep: 400001, toStep: 600000'),
      reduced(400_001, 600_000, 5000),
    ),
    await request(
      'a zoom to 200,000 by time, to 5,000',
      read(`maxPoints: 5000, fromTime: ${timeOf(400_001)}, toTime: ${timeOf(600_000)}, by: TIME`, 'times values'),
      () =>
        database.query(
          `SELECT width_bucket(extract(epoch FROM time), $2, $3, 2500) AS bucket, min(value), max(value) FROM bench_points
           WHERE series_id = $1 AND time BETWEEN to_timestamp($2) AND to_timestamp($3) GROUP BY 1 ORDER BY 1`,
          [seriesId, timeOf(400_001) / 1000, timeOf(600_000) / 1000],
        ),
    ),
    await request(
      '10,000 in full with times',
      read('maxPoints: 10000, fromStep: 500001, toStep: 510000', 'steps values times'),
      () =>
        database.query(
          'SELECT step, value, time FROM bench_points WHERE series_id = $1 AND step BETWEEN 500001 AND 510000 ORDER BY step',
          [seriesId],
        ),
    ),
    await request(
      'ten runs of 100,000 to 1,000 each',
      () =>
        stack.send('query ($ids: [ID!]!) { histories(runIds: $ids, maxPoints: 1000) { runId name steps values } }', {
          ids: compared,
        }),
      async () => {
        for (let i = 0; i < COMPARED.runs; i++) await reduced(1, COMPARED.points, 1000)();
      },
    ),
  ]);
}

/** Both in turn, so that what else this machine does slows both down. */
export async function timed(
  stack: TestStack,
  ask: () => Promise<unknown>,
  sql: () => Promise<unknown>,
): Promise<Figure> {
  const [times, sqlTimes, empty]: number[][] = [[], [], []];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    times!.push(await msOf(ask));
    sqlTimes!.push(await msOf(sql));
  }
  await beside(stack, empty!, async () => {
    for (let repeat = 0; repeat < REPEATS; repeat++) await ask();
  });
  return { ms: quantile(times!, 0.5), sqlMs: quantile(sqlTimes!, 0.5), emptyMs: quantile(empty!, 0.99) };
}

/** Sends empty queries, one after the other, until the work is done, and adds how long each took. */
async function beside(stack: TestStack, times: number[], work: () => Promise<unknown>): Promise<void> {
  let isDone = false;
  const asking = (async () => {
    while (!isDone) times.push(await msOf(() => stack.send('{ __typename }')));
  })();
  await work();
  isDone = true;
  await asking;
}

/** How fast the long series is exported, and read row by row in plain SQL, in points per second. */
export async function exported(stack: TestStack, database: BenchDatabase, { runId, seriesId }: LongRun) {
  const formats: Record<string, { pointsPerSecond: number; mb: number; emptyMs: number }> = {};
  for (const format of ['csv', 'ndjson']) {
    const empty: number[] = [];
    let bytes = 0;
    const hash = createHash('sha256');
    const download = async () => {
      const { body } = await fetch(`${stack.url}/runs/${runId}/metrics.${format}`);
      for await (const part of body!) {
        bytes += part.length;
        hash.update(part);
      }
    };
    const ms = await msOf(download);
    const mb = +(bytes / 1e6).toFixed(1);
    await beside(stack, empty, download);
    formats[format] = { pointsPerSecond: Math.round((LONG / ms) * 1000), mb, emptyMs: quantile(empty, 0.99) };
  }
  const sqlMs = await msOf(async () => {
    for (let from = 0, rows = 1; rows > 0; from += 5000) {
      const read = await database.query(
        'SELECT step, value, time FROM bench_points WHERE series_id = $1 AND step > $2 ORDER BY step LIMIT 5000',
        [seriesId, from],
      );
      rows = read.length;
    }
  });
  return { ...formats, sqlPointsPerSecond: Math.round((LONG / sqlMs) * 1000) };
}
