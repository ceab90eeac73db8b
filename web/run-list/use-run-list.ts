import { useEffect, useMemo, useRef, useState } from 'react';
import { useClient } from 'urql';
import { RunDeletedDocument, type RunRowFragment, RunsChangedDocument } from '../../schema/generated/web/graphql.js';
import { useAfterReconnect } from '../api/connection.js';
import { useLive } from '../api/use-live.js';
import { useThrottled } from '../api/use-throttled.js';
import { NOTHING_YET, RunPages, type RunPagesState } from './run-pages.js';
import { dependsOnProgress, placeOf, type WantedRuns } from './wanted-runs.js';

const REFRESH_AT_MOST_EVERY_MS = 500;

/**
 * The first runs that match the condition, kept up to date. Rows follow the store. Which runs they are, and in which order, is read
 * again only when a run may have entered or left the list, or moved in it.
 * @param studyId the study that all of them belong to, if there is one
 */
export function useRunList(wanted: WantedRuns, studyId: string | null, count: number): RunPagesState {
  const client = useClient();
  const key = JSON.stringify(wanted);
  const [shown, setShown] = useState<{ key: string; state: RunPagesState }>();
  const pages = useRef<RunPages>(undefined);
  const places = useRef(new Map<string, string>());
  const withProgress = useMemo(() => dependsOnProgress(JSON.parse(key) as WantedRuns), [key]);

  useEffect(() => {
    places.current = new Map();
    const opened = new RunPages(client, JSON.parse(key) as WantedRuns, (state) => setShown({ key, state }));
    pages.current = opened;
    return () => opened.close();
  }, [client, key]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins with its own first page
  useEffect(() => pages.current?.want(count), [count, client, key]);

  const refresh = useThrottled(() => pages.current?.refresh(), REFRESH_AT_MOST_EVERY_MS);
  useAfterReconnect(refresh);
  // Rows of another condition would look like the result of this one.
  const state = shown?.key === key ? shown.state : NOTHING_YET;
  const listed = useRef(new Set<string>());
  useEffect(() => {
    listed.current = new Set(state.runs.map(({ id }) => id));
    for (const run of state.runs)
      if (!places.current.has(run.id)) places.current.set(run.id, placeOf(run, withProgress));
  }, [state.runs, withProgress]);

  /** @param meetsCondition whether the run meets the condition now; otherwise that is unknown */
  const hear = (run: RunRowFragment, meetsCondition: boolean) => {
    const before = places.current.get(run.id);
    const place = placeOf(run, withProgress);
    if (!meetsCondition && !listed.current.has(run.id)) return;
    places.current.set(run.id, place);
    if (before !== place) refresh();
  };
  // Those that enter the list, and those that move in it.
  const { where, query } = wanted;
  useLive(RunsChangedDocument, { studyId, where, query: query || null }, ({ runsChanged }) => hear(runsChanged, true));
  // Those that leave it: nothing is sent to the subscription above when a run no longer meets its condition.
  useLive(RunsChangedDocument, { studyId: null, where: null, query: null }, ({ runsChanged }) =>
    hear(runsChanged, false),
  );
  useLive(RunDeletedDocument, {}, refresh);
  return state;
}
