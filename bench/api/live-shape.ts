import { setTimeout as sleep } from 'node:timers/promises';
import type { TestStack } from '../../e2e/support/test-stack.js';
import { packPoints } from '../../runner/agent/packed-points.js';
import { msOf, quantile } from '../measure.js';
import type { BenchDatabase } from './database.js';
import { claimed } from './ingest.js';
import { processorTime } from './processor-time.js';

const RUNS = 100;
const SERIES = Array.from({ length: 25 }, (_, i) => `series ${i}`);
/** The tables that a report writes to. */
const TABLES = ['attempts', 'runs', 'run_points', 'point_batches', 'point_blocks', 'runners'];

/** What a lab of a hundred runs costs, each of which reports one point in each of 25 series once a second. */
export interface LiveShape {
  seconds: number;
  reportsPerSecond: number;
  reportMs: { median: number; p95: number };
  /** Seconds of processor time per second. */
  cores: { server: number; postgres: number };
  walBytesPerPoint: number;
  tables: Record<string, { bytes: number; live: number; dead: number; updates: number; hotUpdates: number }>;
}

export async function liveShape(stack: TestStack, database: BenchDatabase, seconds: number): Promise<LiveShape> {
  const runners = await inTurn(RUNS, () => claimed(stack));
  const report = (run: number, step: number) =>
    runners[run]!.report({
      step,
      packedPoints: packPoints(
        SERIES.map((series, i) => ({ series, steps: [step], values: [Math.sin(step + i)], times: [Date.now()] })),
      ),
    });
  // The first report creates the series.
  for (let run = 0; run < RUNS; run++) await report(run, 1);
  // Otherwise, the first change of each page after a checkpoint would log the whole page.
  await database.query('CHECKPOINT');
  await database.query('SELECT pg_stat_reset()');
  const cpu = () => processorTime(stack.server!.pid, database);
  const [wal, before, started] = [await database.wal(), await cpu(), performance.now()];
  const times: number[] = [];
  await Promise.all(
    runners.map(async (_, run) => {
      for (let second = 0; second < seconds; second++) {
        const due = started + (second + run / RUNS) * 1000;
        await sleep(Math.max(0, due - performance.now()));
        times.push(await msOf(() => report(run, second + 2)));
      }
    }),
  );
  const elapsed = (performance.now() - started) / 1000;
  const after = await cpu();
  const bytes = (await database.wal()) - wal;
  const tables = await sizes(database);
  for (const runner of runners) await runner.finish('CANCELED');
  return {
    seconds,
    reportsPerSecond: +(times.length / elapsed).toFixed(1),
    reportMs: { median: quantile(times, 0.5), p95: quantile(times, 0.95) },
    cores: {
      server: +((after.server - before.server) / elapsed).toFixed(2),
      postgres: +((after.postgres - before.postgres) / elapsed).toFixed(2),
    },
    walBytesPerPoint: Math.round(bytes / (times.length * SERIES.length)),
    tables,
  };
}

async function inTurn<T>(count: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let i = 0; i < count; i++) results.push(await work());
  return results;
}

async function sizes(database: BenchDatabase): Promise<LiveShape['tables']> {
  // The statistics of a connection are sent when it is idle.
  await sleep(1500);
  const rows = await database.query<Record<string, string>>(
    `SELECT relname, pg_total_relation_size(relid) AS bytes, n_live_tup, n_dead_tup, n_tup_upd, n_tup_hot_upd
     FROM pg_stat_user_tables WHERE relname = ANY ($1)`,
    [TABLES],
  );
  return Object.fromEntries(
    rows.map(({ relname, bytes, n_live_tup, n_dead_tup, n_tup_upd, n_tup_hot_upd }) => [
      relname!,
      {
        bytes: Number(bytes),
        live: Number(n_live_tup),
        dead: Number(n_dead_tup),
        updates: Number(n_tup_upd),
        hotUpdates: Number(n_tup_hot_upd),
      },
    ]),
  );
}
