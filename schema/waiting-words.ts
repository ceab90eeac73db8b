/** Where a queued run stands that some runner could claim, and when it may start, if that is known. */
export function placeWords(ahead: number, startsAt: string | null): string {
  const place = ahead === 0 ? 'it is next' : `${ahead} ${ahead === 1 ? 'run is' : 'runs are'} before it`;
  return startsAt === null ? place : `${place}; it may start at ${startsAt}`;
}

/** A runner and what keeps it from claiming a run; null if nothing does. */
export function runnerWords(name: string, reason: string | null): string {
  return `${name}: ${reason ?? 'can claim it when its turn comes'}`;
}
