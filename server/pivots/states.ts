import { RunState } from '../runs/run.entity.js';
import type { Cell } from './cells.js';
import type { ComparedRun } from './compared-run.js';

const WORDS: readonly (readonly [RunState, string])[] = [
  [RunState.QUEUED, 'queued'],
  [RunState.RUNNING, 'running'],
  [RunState.CANCELING, 'canceling'],
  [RunState.FAILED, 'failed'],
  [RunState.CANCELED, 'canceled'],
];

/** Which runs of a cell have no value that counts, such as "1 failed, 2 missing"; empty if all have one. */
export function lackingOf({ runs, counted, partial, missing }: Cell): string {
  const own = new Set(counted);
  const others = runs.filter((run) => !own.has(run));
  const parts = WORDS.flatMap(([state, word]) => {
    const number = others.filter((run) => run.state === state).length;
    return number > 0 ? [`${number} ${word}`] : [];
  });
  const inPart = new Set(partial);
  const completed = others.filter(({ state }) => state === RunState.COMPLETED);
  const numberOf = (fits: (run: ComparedRun) => boolean) => completed.filter(fits).length;
  for (const [number, word] of [
    [numberOf((run) => inPart.has(run)), 'evaluated on fewer images'],
    [numberOf(({ value }) => value !== null && !Number.isFinite(value)), 'not finite'],
    [numberOf(({ value }) => value === null), 'without a value'],
  ] as const) {
    if (number > 0) parts.push(`${number} ${word}`);
  }
  if (missing.length > 0) parts.push(`${missing.length} missing`);
  return parts.join(', ');
}
