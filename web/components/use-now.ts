import { useEffect, useState } from 'react';

/** The present time in milliseconds, renewed every `everyMs`, so that ages and durations on the page go on. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
