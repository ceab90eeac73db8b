import { useEffect } from 'react';
import {
  RunMetricsDocument,
  RunPointsDocument,
  type RunPointsSubscription,
} from '../../schema/generated/web/graphql.js';
import { useFeed } from '../api/use-feed.js';
import { addPoints, fromWire, type History } from './history.js';

/** About one point per pixel of a chart. The server reduces longer series and keeps their extremes. */
const MAX_POINTS = 1000;
/** A series with more points is loaded again, reduced by the server, so that a page left open stays fast. */
const MOST_LIVE_POINTS = 4 * MAX_POINTS;

/** All metric histories of a run, updated while it trains; null until the first response. */
export function useHistories(runId: string): History[] | null {
  const { state: histories, reread } = useFeed(RunPointsDocument, {
    variables: { runId, after: null },
    read: async (client): Promise<History[] | null> => {
      const asked = { id: runId, maxPoints: MAX_POINTS };
      const { data } = await client.query(RunMetricsDocument, asked, { requestPolicy: 'network-only' }).toPromise();
      return data?.run?.metrics.map(fromWire) ?? null;
    },
    apply: (histories: History[], message: RunPointsSubscription['runPoints']) => addPoints(histories, message),
  });
  const tooLong = histories?.some(({ steps }) => steps.length > MOST_LIVE_POINTS) ?? false;
  useEffect(() => {
    if (tooLong) reread();
  }, [tooLong, reread]);
  return histories;
}
