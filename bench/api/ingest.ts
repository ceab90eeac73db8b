import { randomUUID } from 'node:crypto';
import { ReportingRunner } from '../../e2e/support/reporting-runner.js';
import type { TestStack } from '../../e2e/support/test-stack.js';
import { packPoints } from '../../runner/agent/packed-points.js';
import type { BenchDatabase } from './database.js';
import { millisecondsEach, type ProcessorTime, processorTime } from './processor-time.js';

const SERIES = 10;
const STEPS = 100;
/** Points of a batch. */
const BATCH = SERIES * STEPS;

/** Points per second through the runner's mutation, and through raw inserts into a table with one row per point. */
export interface Ingest {
  clients: number;
  pointsPerSecond: number;
  rawPointsPerSecond: number;
  ratio: number;
  /** Milliseconds of processor time for each batch: those of the runner's mutation, and of the raw insert. */
  cpuMs: ProcessorTime;
  rawCpuMs: ProcessorTime;
}

/** One client per run, each with `batches` batches of a thousand points in ten series, all durable. */
export async function ingest(
  stack: TestStack,
  database: BenchDatabase,
  clients: number,
  batches: number,
): Promise<Ingest> {
  const runners = await Promise.all(Array.from({ length: clients }, () => claimed(stack)));
  const points = clients * batches * BATCH;
  const started = Date.now() - 1000 * STEPS * batches;
  const rate = async (work: (client: number, batch: number) => Promise<unknown>) => {
    const [before, started] = [await processorTime(stack.server!.pid, database), performance.now()];
    await Promise.all(
      Array.from({ length: clients }, async (_, client) => {
        for (let batch = 0; batch < batches; batch++) await work(client, batch);
      }),
    );
    const perSecond = Math.round((points / (performance.now() - started)) * 1000);
    const after = await processorTime(stack.server!.pid, database);
    return { perSecond, cpuMs: millisecondsEach(before, after, clients * batches) };
  };
  const reported = await rate((client, batch) => {
    const steps = stepsOf(batch);
    const columns = Array.from({ length: SERIES }, (_, i) => ({
      series: `series ${i}`,
      steps,
      values: steps.map(valueAt),
      // A second for each step, as our agent reports them.
      times: steps.map((step) => started + 1000 * step),
    }));
    return runners[client]!.report({ step: steps.at(-1), packedPoints: packPoints(columns) });
  });
  await database.query(
    'CREATE TABLE IF NOT EXISTS bench_rows (series_id int, step int, value float8, PRIMARY KEY (series_id, step))',
  );
  const first = Number((await database.query('SELECT coalesce(max(series_id), 0) AS id FROM bench_rows'))[0]!.id) + 1;
  const raw = await rate((client, batch) => {
    const steps = stepsOf(batch);
    const ids = Array.from({ length: SERIES }, (_, i) => first + client * SERIES + i);
    return database.query('INSERT INTO bench_rows SELECT * FROM unnest($1::int[], $2::int[], $3::float8[])', [
      `{${ids.flatMap((id) => steps.map(() => id)).join()}}`,
      `{${ids.flatMap(() => steps).join()}}`,
      `{${ids.flatMap(() => steps.map(valueAt)).join()}}`,
    ]);
  });
  return {
    clients,
    pointsPerSecond: reported.perSecond,
    rawPointsPerSecond: raw.perSecond,
    ratio: +(reported.perSecond / raw.perSecond).toFixed(2),
    cpuMs: reported.cpuMs,
    rawCpuMs: raw.cpuMs,
  };
}

const stepsOf = (batch: number): number[] => Array.from({ length: STEPS }, (_, i) => batch * STEPS + i + 1);
const valueAt = (step: number): number => Math.sin(step) / 3;

/** A runner with a run of a dataset of its own. */
export async function claimed(stack: TestStack): Promise<ReportingRunner & { runId: string }> {
  const name = `bench-${randomUUID()}`;
  const classes = ['one', 'two'].map((each) => ({ name: each, color: '#ff0000' }));
  const runner = new ReportingRunner(stack, name, { name, classes });
  await runner.register();
  await stack.queue({
    dataset: name,
    split: { labelledRatio: 1 },
    method: { name: 'supervised' },
    training: { iterations: 10_000_000 },
  });
  return Object.assign(runner, { runId: await runner.claimRun() });
}
