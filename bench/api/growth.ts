import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { TestStack } from '../../e2e/support/test-stack.js';
import { msOf, quantile } from '../measure.js';
import type { BenchDatabase } from './database.js';
import { addRuns, addSeries, POINTS_OF_A_SERIES, SERIES_OF_A_RUN } from './fill.js';
import { exported, histories, type LongRun } from './histories.js';
import { ingest } from './ingest.js';

/** Points of a run. */
const RUN_POINTS = SERIES_OF_A_RUN * POINTS_OF_A_SERIES;
const REPEATS = 15;
const BATCHES = 50;

/** What a million points need on the disk, write-ahead log included. */
const BYTES_PER_MILLION = 100e6;

/**
 * The same figures when the database holds more: for each of `millions`, ascending, that many million points in a thousand runs
 * each, besides the long run. Each is also printed to standard error when it is known, so that an interrupted bench need only
 * measure what is missing.
 * @throws Error before anything is added, if the disk has no room for it
 */
export async function growth(stack: TestStack, database: BenchDatabase, long: LongRun, millions: readonly number[]) {
  await requireRoom(Math.max(...millions) * BYTES_PER_MILLION);
  const seriesId = await addSeries(database, long.runId, 'short', POINTS_OF_A_SERIES);
  const figures = [];
  let runs = 0;
  for (const million of millions) {
    const wanted = Math.round((million * 1e6) / RUN_POINTS);
    await addRuns(database, { runId: long.runId, seriesId }, wanted - runs, {
      series: SERIES_OF_A_RUN,
      points: POINTS_OF_A_SERIES,
    });
    runs = wanted;
    await database.query('VACUUM ANALYZE');
    const figure = {
      millionPoints: million,
      runs,
      gb: await gigabytes(database),
      pageMs: await pageMs(stack),
      ingest: await ingest(stack, database, 1, BATCHES),
      histories: await histories(stack, database, long),
      export: await exported(stack, database, long),
    };
    console.error(JSON.stringify(figure));
    figures.push(figure);
  }
  return figures;
}

async function requireRoom(bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(tmpdir());
  if (bavail * bsize > bytes) return;
  const gigabytes = (number: number) => (number / 1e9).toFixed(1);
  throw new Error(
    `${tmpdir()} has ${gigabytes(bavail * bsize)} GB left; this needs ${gigabytes(bytes)} GB. Set TMPDIR`,
  );
}

async function gigabytes(database: BenchDatabase): Promise<number> {
  const [row] = await database.query<{ bytes: string }>('SELECT pg_database_size(current_database()) AS bytes');
  return +(Number(row!.bytes) / 1e9).toFixed(2);
}

/** A page of runs with the newest point of each series. */
async function pageMs(stack: TestStack): Promise<number> {
  const times: number[] = [];
  const query =
    '{ runs(first: 25) { totalCount edges { node { id number name series { name lastStep lastValue } } } } }';
  for (let repeat = 0; repeat < REPEATS; repeat++) times.push(await msOf(() => stack.send(query)));
  return quantile(times, 0.5);
}
