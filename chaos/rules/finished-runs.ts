import { pointsAt, type Schedule } from '../script/script.js';
import type { Database } from '../world/database.js';

/** What the rules about results share. */

export interface RunRow {
  id: string;
  number: number;
  /** Identifies the run for the script. */
  seed: number;
  training: Schedule;
}
export type Say = (text: string) => void;

export function finishedRuns(database: Database): Promise<RunRow[]> {
  return database.query<RunRow>(
    `SELECT id, number, seed::int, config -> 'training' AS training FROM runs ORDER BY number`,
  );
}

export const stepsOf = ({ iterations }: Schedule): number[] =>
  Array.from({ length: iterations }, (_, index) => index + 1);

export const valuesOf = (seed: number, name: string, steps: number[]): number[] =>
  steps.map((step) => pointsAt(seed, step)[name]!);

/** Says where two lists differ for the first time. */
export function compare<T>(what: string, actual: readonly T[], expected: readonly T[], say: Say): void {
  const length = Math.max(actual.length, expected.length);
  for (let index = 0; index < length; index++) {
    if (Object.is(actual[index], expected[index])) continue;
    say(
      `${what}: entry ${index + 1} is ${actual[index]}, expected ${expected[index]} ` +
        `(${actual.length} entries, expected ${expected.length})`,
    );
    return;
  }
}
