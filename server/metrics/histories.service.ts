import { type Context, listsInOrder } from '../context.js';
import type { Budget } from '../graphql/budget.js';
import { checkEntries, checkRange } from '../graphql/checks.js';
import { notFound } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import { type HistoriesArgs, HistoryOrder, type MetricsArgs } from './metrics.inputs.js';
import { checkNames, LAST_STEP } from './metrics.service.js';
import type { MetricHistory, PointRange, RunHistory } from './metrics.types.js';
import { byTime } from './points/columns.js';
import type { PointsReader } from './points/reader.js';
import type { RunSeries, SeriesRepository } from './series.repository.js';

const MAX_RUNS = 50;
const MAX_POINTS = 10_000;

/** Histories for charts. exports.service.ts has them in full. */
export class HistoriesService {
  constructor(
    private readonly deps: {
      series: SeriesRepository;
      reader: PointsReader;
    },
  ) {}

  /** Histories of one run. Leaves out names that it has not reported. Batched: those of many runs are read together. */
  async ofRun({ loaders, budget }: Context, runId: string, args: MetricsArgs): Promise<MetricHistory[]> {
    const loader = loaders.of<MetricHistory[]>(`metrics ${JSON.stringify(args)}`, async (ids) => {
      const found = await this.read(budget, ids, args, () => {});
      return listsInOrder(ids, found, ({ runId: id }) => id);
    });
    return (await loader.load(runId))!;
  }

  /**
   * Histories of several runs, in the order of the runs and names, each reduced to at most `maxPoints` points. A missing run is
   * an error, because nobody would notice its absence.
   */
  histories(budget: Budget, { runIds, ...args }: HistoriesArgs): Promise<RunHistory[]> {
    checkEntries('runIds', runIds, MAX_RUNS);
    const ids = [...new Set(runIds)];
    return this.read(budget, ids, args, (found) => {
      const missing = ids.find((id) => !found.has(id));
      if (missing !== undefined) throw notFound('run', missing);
    });
  }

  /** @param checkRuns gets the ids of the runs that exist */
  private read(
    budget: Budget,
    runIds: readonly string[],
    { names = null, maxPoints, ...args }: MetricsArgs,
    checkRuns: (found: ReadonlySet<string>) => void,
  ): Promise<RunHistory[]> {
    checkRange('maxPoints', maxPoints, 1, MAX_POINTS);
    checkNames(names);
    const range = rangeOf(args);
    const { series, reader } = this.deps;
    return reader.snapshotInTurn(budget, async (manager) => {
      const rows = await series.ofRuns(manager, runIds.filter(isId), names, Math.floor(budget.numbers) + 1);
      checkRuns(new Set(rows.map(({ runId }) => runId)));
      const known = rows.filter((row): row is RunSeries => row.id !== null);
      const seriesIds = known.map(({ id }) => id);
      const found = await reader.histories(manager, budget, { runIds, seriesIds, range, maxPoints });
      return known.flatMap(({ runId, id, name }) => {
        const history = found.get(id);
        if (!history) return [];
        return [{ runId, name, ...history, ...(args.by === HistoryOrder.TIME && byTime(history)) }];
      });
    });
  }
}

function rangeOf({ fromStep, toStep, fromTime, toTime, by }: Omit<MetricsArgs, 'maxPoints'>): PointRange {
  const steps = { fromStep: fromStep ?? 0, toStep: toStep ?? LAST_STEP };
  // Points without a time have no place in the order by time.
  return { ...steps, fromTime: fromTime ?? (by === HistoryOrder.TIME ? Number.NEGATIVE_INFINITY : null), toTime };
}
