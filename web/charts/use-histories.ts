import { useCallback, useEffect, useState } from 'react';
import { useClient } from 'urql';
import { RunMetricsDocument, RunPointsDocument } from '../../schema/generated/web/graphql.js';
import { useConnection } from '../api/connection.js';
import { useLive } from '../api/use-live.js';
import { fromWire, type History, mergeHistories } from './history.js';

/** About one point per pixel of a chart. The server reduces longer series and keeps their extremes. */
const MAX_POINTS = 1000;
/** A series with more points is loaded again, reduced by the server, so that a page left open stays fast. */
const MOST_LIVE_POINTS = 4 * MAX_POINTS;

/** All metric histories of a run, updated while it trains; null until the first response. */
export function useHistories(runId: string): History[] | null {
  const client = useClient();
  const { epoch } = useConnection();
  const [histories, setHistories] = useState<History[] | null>(null);
  const [sinceStep, setSinceStep] = useState<number | null>(null);

  const load = useCallback(async () => {
    const variables = { id: runId, maxPoints: MAX_POINTS };
    const { data } = await client.query(RunMetricsDocument, variables, { requestPolicy: 'network-only' }).toPromise();
    if (!data?.run) return;
    const loaded = data.run.metrics.map(fromWire);
    setHistories(loaded);
    setSinceStep(Math.max(0, ...loaded.map(({ steps }) => steps.at(-1) ?? 0)));
  }, [client, runId]);

  // Also loads after a reconnect (a new epoch), because points sent in between were missed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new epoch means load again
  useEffect(() => {
    void load();
  }, [load, epoch]);

  const tooLong = histories?.some(({ steps }) => steps.length > MOST_LIVE_POINTS) ?? false;
  useEffect(() => {
    if (tooLong) void load();
  }, [tooLong, load]);

  // The subscription starts where the loaded points end, so nothing is missed between the two.
  useLive(RunPointsDocument, sinceStep === null ? null : { runId, sinceStep }, ({ runMetrics }) =>
    setHistories((before) => mergeHistories(before ?? [], runMetrics.map(fromWire))),
  );
  return histories;
}
