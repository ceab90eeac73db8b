import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inTransaction } from '../database/transaction.js';
import type { MetricHistory } from '../metrics/metrics.types.js';
import { PlacementsRepository } from '../runs/placements.repository.js';
import { PlacementsService } from '../runs/placements.service.js';
import type { Run } from '../runs/run.entity.js';
import { RunsRepository } from '../runs/runs.repository.js';
import { RunsService } from '../runs/runs.service.js';
import { joined } from '../testing/joined.js';
import { insertDataset, insertRun } from '../testing/results-fixtures.js';
import { testMetrics } from '../testing/test-metrics.js';
import { LiveMetricsService } from './live-metrics.service.js';

const { dataSource, events, metrics: service, rollUp, onlyRun } = testMetrics();
const placements = new PlacementsService({ events, repository: new PlacementsRepository(dataSource) });
const repository = new RunsRepository(dataSource);
const runs = new RunsService({ dataSource, events, repository, placements });
const live = new LiveMetricsService({ events, metrics: service, runs });

/** Resolves once the event has arrived too, so that a listener that starts later does not receive it. */
async function record(run: Run, steps: number[], series = 'loss', value = 1): Promise<void> {
  const heard = new Promise<void>((resolve) => {
    const stop = events.on('points.added', () => {
      stop();
      resolve();
    });
  });
  await inTransaction(dataSource, (transaction) =>
    service.record(transaction, run.id, [{ series, steps, values: steps.map((step) => step * value) }]),
  );
  await heard;
}
const remove = (run: Run) =>
  inTransaction(dataSource, async (transaction) => {
    await transaction.query('DELETE FROM runs WHERE id = $1', [run.id]);
    await events.publish(transaction, 'run.deleted', { runId: run.id, studyId: null });
  });

describe('live metrics', () => {
  let run: Run;
  let listeners: AsyncIterableIterator<MetricHistory[]>[] = [];
  type Received = IteratorResult<MetricHistory[]>;

  async function listen(sinceStep: number | null = null, names: string[] | null = null) {
    const stream = await live.points({ runId: run.id, names, sinceStep });
    // A stream begins with the first call of `next`.
    const { iterator, first } = await joined(() => {
      const iterator = stream[Symbol.asyncIterator]();
      return { iterator, first: [iterator.next()] };
    });
    listeners.push(iterator);
    const next = (): Promise<Received> => first.pop() ?? iterator.next();
    return { next, return: () => iterator.return!() };
  }
  /** A listener that has received everything that is stored, and waits for more. */
  async function listenAndWait() {
    await record(run, [1]);
    const live = await listen(0);
    await live.next();
    return { live, next: live.next() };
  }
  const stepsOf = async (next: Promise<IteratorResult<MetricHistory[]>>) => (await next).value[0].steps;

  beforeEach(async () => {
    run = await onlyRun();
  });
  afterEach(async () => {
    await Promise.all(listeners.map((iterator) => iterator.return!()));
    listeners = [];
  });

  it('first send the points that are stored after a step, then new ones', async () => {
    await record(run, [1, 2, 3, 4]);
    const live = await listen(2);
    expect((await live.next()).value).toMatchObject([{ name: 'loss', steps: [3, 4], values: [3, 4], total: 2 }]);
    const next = live.next();
    await record(run, [5]);
    expect(await stepsOf(next)).toEqual([5]);
  });

  it('only send new points if no step is given', async () => {
    await record(run, [1, 2]);
    const live = await listen();
    const next = live.next();
    await record(run, [3]);
    expect(await stepsOf(next)).toEqual([3]);
  });

  it('send the steps that a resumed run reports again', async () => {
    await record(run, [1, 2, 3, 4]);
    const live = await listen(3);
    expect(await stepsOf(live.next())).toEqual([4]);
    const next = live.next();
    await record(run, [2, 3], 'loss', 10);
    expect((await next).value).toMatchObject([{ name: 'loss', steps: [2, 3], values: [20, 30], total: 2 }]);
  });

  it('batch reports that arrive while the last batch is delivered, and lose none', async () => {
    const live = await listen();
    const seen: number[] = [];
    let batches = 0;
    const reading = (async () => {
      while (!seen.includes(59)) {
        batches++;
        seen.push(...(await live.next()).value[0].steps);
      }
    })();
    await Promise.all(Array.from({ length: 60 }, (_, step) => record(run, [step])));
    await reading;
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, step) => step));
    expect(batches).toBeLessThan(60);
  });

  it('do not include other runs or other series', async () => {
    const other = await insertRun(dataSource, await insertDataset(dataSource, 'camvid'));
    const live = await listen(null, ['loss']);
    const everything = await listen();
    const next = live.next();
    const first = everything.next();
    await record(other, [1]);
    await record(run, [1], 'lr');
    // Another listener has already received what this one would have received.
    expect((await first).value).toMatchObject([{ name: 'lr', steps: [1] }]);
    await record(run, [7]);
    expect(await stepsOf(next)).toEqual([7]);
  });

  /** Stores points, and nobody hears of it. */
  const recordSilently = (step: number) =>
    dataSource.query(
      `WITH counted AS (UPDATE run_points SET batches = batches + 1 WHERE run_id = $1 RETURNING batches)
       INSERT INTO point_batches (run_id, number, series, steps, values)
       SELECT $1, batches, (SELECT array_agg(id) FROM series WHERE run_id = $1), $2, $3 FROM counted`,
      [run.id, [step], [step]],
    );
  const loseEvents = () =>
    dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
       AND application_name = 'crosscheck events'`,
    );

  it('send what was stored in the meantime if events may have been missed', async () => {
    await record(run, [1, 2]);
    const live = await listen(1);
    expect(await stepsOf(live.next())).toEqual([2]);
    await recordSilently(3);
    const next = live.next();
    await loseEvents();
    expect(await stepsOf(next)).toEqual([3]);
  });

  it('read everything after the step again if the missed batches are no longer kept', async () => {
    await record(run, [1, 2]);
    const live = await listen(1);
    expect(await stepsOf(live.next())).toEqual([2]);
    await recordSilently(3);
    await rollUp.run(run.id);
    await dataSource.query('DELETE FROM point_batches');
    const next = live.next();
    await loseEvents();
    expect(await stepsOf(next)).toEqual([2, 3]);
  });

  it('end when the run is deleted', async () => {
    const { next } = await listenAndWait();
    await remove(run);
    expect((await next).done).toBe(true);
  });

  it('end immediately when the listener leaves, even if nothing happens', async () => {
    const { live, next } = await listenAndWait();
    await live.return!();
    expect((await next).done).toBe(true);
  });

  it('reject a run that does not exist', async () => {
    await expect(live.points({ runId: crypto.randomUUID() })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(live.points({ runId: 'nonsense' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
