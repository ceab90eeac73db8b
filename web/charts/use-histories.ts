import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import {
  RunMetricsDocument,
  RunPointsDocument,
  type RunPointsSubscription,
} from '../../schema/generated/web/graphql.js';
import { useConnection } from '../api/connection.js';
import { useLive } from '../api/use-live.js';
import { addPoints, fromWire, type History } from './history.js';

/** About one point per pixel of a chart. The server reduces longer series and keeps their extremes. */
const MAX_POINTS = 1000;
/** A series with more points is loaded again, reduced by the server, so that a page left open stays fast. */
const MOST_LIVE_POINTS = 4 * MAX_POINTS;

type Message = RunPointsSubscription['runPoints'];

/** All metric histories of a run, updated while it trains; null until the first response. */
export function useHistories(runId: string): History[] | null {
  const client = useClient();
  const { epoch } = useConnection();
  const [histories, setHistories] = useState<History[] | null>(null);
  /** Messages since the load in progress began, which may not be in its answer; null if none is in progress. */
  const arrived = useRef<Message[] | null>(null);
  const hasFailed = useRef(false);

  const load = useCallback(async () => {
    const since: Message[] = [];
    arrived.current = since;
    const variables = { id: runId, maxPoints: MAX_POINTS };
    const { data } = await client.query(RunMetricsDocument, variables, { requestPolicy: 'network-only' }).toPromise();
    if (arrived.current !== since) return;
    arrived.current = null;
    hasFailed.current = !data?.run;
    // To add points again that are already there changes nothing.
    const { run } = data ?? {};
    if (run) setHistories(since.reduce(addPoints, run.metrics.map(fromWire)));
    else setHistories((before) => before && since.reduce(addPoints, before));
  }, [client, runId]);

  useLive(RunPointsDocument, { runId, after: null }, ({ runPoints: message }) => {
    if (message.reset) void load();
    else if (arrived.current) arrived.current.push(message);
    // Without what came before, a chart would look complete.
    else setHistories((before) => before && addPoints(before, message));
  });

  // The subscription continues where it was after a reconnect (a new epoch), but a load that failed does not.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new epoch means try again
  useEffect(() => {
    if (hasFailed.current) void load();
  }, [load, epoch]);

  const tooLong = histories?.some(({ steps }) => steps.length > MOST_LIVE_POINTS) ?? false;
  useEffect(() => {
    if (tooLong) void load();
  }, [tooLong, load]);
  return histories;
}
