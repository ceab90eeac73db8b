import type { MetricsService } from '../metrics/metrics.service.js';
import type { PointsMessage } from './live.types.js';
import type { Progress, WrittenLog } from './run-log.js';

/**
 * The points of a run: all series, or those with these names. They are numbered by batch. If the batches that a subscriber missed are no
 * longer kept, it has to read again.
 */
export function pointsLog(
  metrics: MetricsService,
  runId: string,
  names: readonly string[] | null,
): WrittenLog<Omit<PointsMessage, keyof Progress>> {
  const nothing = { skipped: 0, cutAfter: null, histories: [] };
  const namesById = new Map<number, string>();
  return {
    ...{ kind: 'runPoints', of: runId, nothing },
    listen: (events, heard) => events.on('points.added', (event) => event.runId === runId && heard(event.number)),
    newest: () => metrics.newestBatch(runId),
    read: async (from, to) => {
      const added = await metrics.added(runId, names, from, to, namesById);
      if (!added) return { upTo: to, content: { ...nothing, skipped: to - from }, reset: true };
      const { upTo, cutAfter, histories } = added;
      const isEmpty = cutAfter === null && histories.length === 0;
      return { upTo, content: isEmpty ? null : { skipped: 0, cutAfter, histories } };
    },
  };
}
