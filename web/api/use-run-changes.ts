import { useRef } from 'react';
import { type RunRowFragment, RunsChangedDocument } from '../../schema/generated/web/graphql.js';
import { useLive } from './use-live.js';

interface Options {
  /** Only runs of this study; null for all. */
  studyId: string | null;
  /** What of a run matters, as text or number. `onChange` is called only when it differs from when it was last heard of. */
  of: (run: RunRowFragment) => string | number;
  onChange: (run: RunRowFragment) => void;
}

/** Hears of changes of runs that no message of the page's own subscriptions contains, such as those that change a count. */
export function useRunChanges({ studyId, of, onChange }: Options): void {
  const heard = useRef(new Map<string, string | number>());
  useLive(RunsChangedDocument, { studyId, where: null, query: null }, ({ runsChanged: run }) => {
    const now = of(run);
    if (heard.current.get(run.id) === now) return;
    heard.current.set(run.id, now);
    onChange(run);
  });
}

/** The newest evaluation of a run and its state: when they differ, tables of scores differ. */
export function scoresOf({ state, evaluation }: RunRowFragment): string {
  return `${state} ${evaluation?.id ?? ''} ${evaluation?.step ?? ''} ${evaluation?.meanIou ?? ''}`;
}
