import { setTimeout as sleep } from 'node:timers/promises';
import type { TestStack } from '../../e2e/support/test-stack.js';
import type { BenchDatabase } from './database.js';
import { claimed } from './ingest.js';

/** Bytes of a point in blocks, index included, by the number of points that a series has. */
export async function bytesPerPoint(stack: TestStack, database: BenchDatabase, lengths: readonly number[]) {
  const sizes: Record<number, number> = {};
  for (const length of lengths) {
    const series = Math.min(500, Math.ceil(300_000 / length));
    await database.query('TRUNCATE point_blocks');
    const runner = await claimed(stack);
    const steps = Array.from({ length }, (_, i) => i + 1);
    for (let from = 0; from < length; from += 1000) {
      const part = steps.slice(from, from + 1000);
      const values = part.map((step) => Math.sin(step) / 3);
      for (let first = 0; first < series; first += 10) {
        const names = Array.from({ length: Math.min(10, series - first) }, (_, i) => `series ${first + i}`);
        await runner.report({ points: names.map((name) => ({ series: name, steps: part, values })) });
      }
    }
    await runner.finish('CANCELED');
    await rolledUp(database, runner.runId);
    await database.query('VACUUM FULL point_blocks');
    const [row] = await database.query<{ bytes: string; points: string }>(
      `SELECT pg_total_relation_size('point_blocks') AS bytes, sum(points) AS points FROM point_blocks`,
    );
    sizes[length] = +(Number(row!.bytes) / Number(row!.points)).toFixed(1);
  }
  return sizes;
}

/** Bytes of write-ahead log for each point of reports with one point in each of 25 series, roll-ups included. */
export async function walPerPoint(stack: TestStack, database: BenchDatabase, reports: number): Promise<number> {
  const runner = await claimed(stack);
  const names = Array.from({ length: 25 }, (_, i) => `series ${i}`);
  // Otherwise, the first change of each page after a checkpoint would log the whole page.
  await database.query('CHECKPOINT');
  const before = await database.wal();
  for (let step = 1; step <= reports; step++) {
    await runner.points(step, Object.fromEntries(names.map((name, i) => [name, Math.sin(step + i)])));
  }
  return Math.round(((await database.wal()) - before) / (reports * names.length));
}

async function rolledUp(database: BenchDatabase, runId: string): Promise<void> {
  for (;;) {
    const [row] = await database.query<{ done: boolean }>(
      'SELECT batches = rolled_up AS done FROM run_points WHERE run_id = $1',
      [runId],
    );
    if (row!.done) return;
    await sleep(200);
  }
}
