import { Repeater } from '@graphql-yoga/subscription';
import type { Events } from '../events/events.js';
import { Budget } from '../graphql/budget.js';
import { notFound } from '../graphql/errors.js';
import { checkNames, LAST_STEP, type MetricsService } from '../metrics/metrics.service.js';
import type { MetricHistory } from '../metrics/metrics.types.js';
import type { RunsService } from '../runs/runs.service.js';
import type { RunMetricsArgs } from './live.inputs.js';

/** If a batch has more points of a series than this (the first batch, a refetch), they are reduced to keep messages small. */
const MAX_POINTS = 2000;
/** Five batches per second. Redrawing a chart more often has no benefit. */
const BATCH_INTERVAL_MS = 200;

export class LiveMetricsService {
  constructor(
    private readonly deps: {
      events: Events;
      metrics: MetricsService;
      runs: RunsService;
    },
  ) {}

  /**
   * Streams new points as they are reported, in at most about five batches per second. With `sinceStep`, it first sends the
   * points that are stored after that step. A resumed run sends some steps again. Ends when the run is deleted.
   */
  async points({ runId, names, sinceStep }: RunMetricsArgs): Promise<AsyncIterableIterator<MetricHistory[]>> {
    const { events, metrics, runs } = this.deps;
    checkNames(names);
    const exists = async () => (await runs.byId(runId)) !== null;
    if (!(await exists())) throw notFound('run', runId);
    const range = { fromStep: Math.min((sinceStep ?? -1) + 1, LAST_STEP), toStep: LAST_STEP };
    // What is read first: everything after a step, or nothing but the place from which to continue.
    let sent: number | null = null;
    const read = async (): Promise<MetricHistory[]> => {
      if (sent !== null) {
        const { upTo, histories } = await metrics.added(runId, names ?? null, sent, MAX_POINTS);
        sent = upTo;
        if (histories) return histories;
      }
      const { upTo, histories } = await metrics.reduced(new Budget(), runId, names ?? null, range, MAX_POINTS);
      sent = upTo;
      return histories;
    };
    const isNew = sinceStep === undefined || sinceStep === null;
    const begin = async () => {
      if (isNew) sent = await metrics.newestBatch(runId);
    };
    return liveBatches({ events, runId, readsFirst: !isNew, begin, read, exists });
  }
}

interface LiveSource {
  events: Events;
  runId: string;
  /** Whether to read without waiting for an event. */
  readsFirst: boolean;
  /** Called once, when listening has started. */
  begin(): Promise<void>;
  /** Reads what has not been sent. */
  read(): Promise<MetricHistory[]>;
  exists(): Promise<boolean>;
}

/**
 * Turns events into batches. The first event after a quiet time is read immediately, and those that follow within the interval
 * are read together. Listening starts before the first read, so no point is missed between the two.
 */
function liveBatches(source: LiveSource): AsyncIterableIterator<MetricHistory[]> {
  return new Repeater<MetricHistory[]>(async (push, stop) => {
    const { events, runId } = source;
    const added = events.subscribe('points.added');
    const deleted = events.subscribe('run.deleted');
    const resynced = events.subscribe('resync');
    let wanted = false;
    let timer: NodeJS.Timeout | null = null;
    let reading = true;
    let lastBatchAt = 0;

    const want = () => {
      wanted = true;
      if (timer || reading) return;
      const waitMs = Math.max(0, lastBatchAt + BATCH_INTERVAL_MS - Date.now());
      timer = setTimeout(() => flush().catch(stop), waitMs);
    };
    const flush = async () => {
      timer = null;
      reading = true;
      wanted = false;
      lastBatchAt = Date.now();
      const batch = await source.read();
      // A slow listener delays the next read. Everything that happens in the meantime is one batch.
      if (batch.length > 0) await push(batch);
      reading = false;
      if (wanted) want();
    };

    listen(added, (event) => event.runId === runId && want(), stop);
    listen(deleted, (event) => event.runId === runId && stop(), stop);
    listen(resynced, async () => ((await source.exists()) ? want() : stop()), stop);
    await source.begin();
    reading = false;
    if (source.readsFirst || wanted) want();
    // The run may have been deleted before listening started.
    if (!(await source.exists())) stop();

    await stop;
    if (timer) clearTimeout(timer);
    await Promise.all([added.return?.(), deleted.return?.(), resynced.return?.()]);
  });
}

/** Calls `hear` for every event, until the iterator's `return` is called. */
function listen<T>(
  iterator: AsyncIterableIterator<T>,
  hear: (event: T) => unknown,
  fail: (error: unknown) => void,
): void {
  (async () => {
    for await (const event of iterator) await hear(event);
  })().catch(fail);
}
