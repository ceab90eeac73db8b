import { useEffect, useState } from 'react';

/** The current time in milliseconds, updated every `everyMs`, so that ages and durations on the page stay current. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
