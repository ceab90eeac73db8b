import { useCallback, useEffect, useRef } from 'react';

/** Runs `action` at most once every `everyMs`. An early call is postponed, so that the last call is never lost. */
export function useThrottled(action: () => void, everyMs: number): () => void {
  const newest = useRef(action);
  newest.current = action;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const last = useRef(Number.NEGATIVE_INFINITY);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  return useCallback(() => {
    if (timer.current !== undefined) return;
    timer.current = setTimeout(
      () => {
        timer.current = undefined;
        last.current = Date.now();
        newest.current();
      },
      Math.max(0, last.current + everyMs - Date.now()),
    );
  }, [everyMs]);
}
