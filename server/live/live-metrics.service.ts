import type { Events } from '../events/events.js';
import { Budget } from '../graphql/budget.js';
import { notFound } from '../graphql/errors.js';
import { checkNames, LAST_STEP, type MetricsService } from '../metrics/metrics.service.js';
import type { MetricHistory } from '../metrics/metrics.types.js';
import { downsample } from '../metrics/points/downsample.js';
import type { RunsService } from '../runs/runs.service.js';
import type { RunMetricsArgs } from './live.inputs.js';
import { pointsLog } from './points-log.js';
import { followRun } from './run-log.js';
import { LiveStream } from './sharing/live-stream.js';
import { type Batch, onlyNew, type Source } from './sharing/source.js';

/** If a batch has more points of a series than this (the first batch, a refetch), they are reduced to keep messages small. */
const MAX_POINTS = 2000;

/** Serves the deprecated subscription `runMetrics`, which has no cursors: runPoints without them. */
export class LiveMetricsService {
  constructor(
    private readonly deps: {
      events: Events;
      metrics: MetricsService;
      runs: RunsService;
    },
  ) {}

  /**
   * Streams new points as they are reported. With `sinceStep`, it first sends the points that are stored after that step. A resumed
   * run sends some steps again. Ends when the run is deleted.
   */
  async points({ runId, names = null, sinceStep = null }: RunMetricsArgs): Promise<LiveStream<MetricHistory[]>> {
    const { events, metrics, runs } = this.deps;
    checkNames(names);
    const run = await runs.byId(runId);
    if (!run) throw notFound('run', runId);
    const exists = async () => (await runs.byId(run.id)) !== null;
    const range = { fromStep: Math.min((sinceStep ?? -1) + 1, LAST_STEP), toStep: LAST_STEP };
    const again = async (): Promise<Batch<MetricHistory[]>> => {
      const { upTo, histories } = await metrics.reduced(new Budget(), run.id, names, range, MAX_POINTS);
      return { contents: histories.length > 0 ? [histories] : [], position: upTo };
    };
    const { source: points } = followRun(events, pointsLog(metrics, run.id, names), null, exists);
    const source: Source<MetricHistory[]> = {
      listen: (ears) => points.listen(ears),
      newest: () => points.newest(),
      read: async (from, to) => {
        const { contents, position } = await points.read(from, to);
        if (contents.some(({ reset }) => reset)) return again();
        const added = contents.filter(({ histories }) => histories.length > 0);
        return { contents: added.map(({ histories }) => histories.map(reduced)), position };
      },
    };
    return new LiveStream(source, sinceStep === null ? onlyNew : again);
  }
}

function reduced({ name, total, ...columns }: MetricHistory): MetricHistory {
  return { name, ...downsample(columns, MAX_POINTS), total };
}
