import { RunState } from '../runs/run.entity.js';
import type { Cell } from './cells.js';

const WORDS: readonly (readonly [RunState, string])[] = [
  [RunState.QUEUED, 'queued'],
  [RunState.RUNNING, 'running'],
  [RunState.CANCELING, 'canceling'],
  [RunState.FAILED, 'failed'],
  [RunState.CANCELED, 'canceled'],
];

/** Which runs of a cell have no value, such as "1 failed, 2 missing"; empty if all have one. */
export function lackingOf({ runs, counted, missing }: Cell): string {
  const own = new Set(counted);
  const others = runs.filter((run) => !own.has(run));
  const parts = WORDS.flatMap(([state, word]) => {
    const number = others.filter((run) => run.state === state).length;
    return number > 0 ? [`${number} ${word}`] : [];
  });
  const without = others.filter(({ state }) => state === RunState.COMPLETED).length;
  if (without > 0) parts.push(`${without} without a value`);
  if (missing.length > 0) parts.push(`${missing.length} missing`);
  return parts.join(', ');
}
