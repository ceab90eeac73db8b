import { type Columns, noPoints } from './columns.js';

/** The columns of blocks that are read without opening them: their names here and in SQL. All are 64-bit floats. */
export const SUMMARY = {
  firstStep: 'first_step',
  lastStep: 'last_step',
  points: 'points',
  /** What the block's other times are counted from, in milliseconds since 1970; null if no time is known. */
  firstTime: 'first_time_ms',
  lastTime: 'last_time',
  /** Null if the time of a point is not known. */
  earliest: 'earliest',
  latest: 'latest',
  firstValue: 'first_value',
  lastValue: 'last_value',
  low: 'low',
  lowStep: 'low_step',
  lowTime: 'low_time',
  high: 'high',
  highStep: 'high_step',
  highTime: 'high_time',
  nanStep: 'nan_step',
  nanTime: 'nan_time',
  /** How many extremes of its groups a block knows; null if it knows none. */
  peaks: 'array_length(peaks, 1)',
} as const;

/** What the blocks of a series say about their points: one entry for each block in every column, ascending. */
export type Summaries = Record<keyof typeof SUMMARY, (number | null)[]>;

/** Those of a series without blocks. */
export const noSummaries = (): Summaries =>
  Object.fromEntries(Object.keys(SUMMARY).map((name) => [name, []])) as unknown as Summaries;

/** Whether a block has points with a time and others without one. */
export const isMixed = ({ firstTime, earliest }: Summaries, block: number): boolean =>
  firstTime[block] !== null && earliest[block] === null;

/** Appends what a block, which is not mixed, shows without being opened: its lowest and highest value and its first NaN. */
export function addShown(to: Columns, summaries: Summaries, block: number): void {
  const { low, lowStep, lowTime, high, highStep, highTime, nanStep, nanTime } = summaries;
  const shown: [step: number, value: number, time: number | null][] = [];
  if (low[block] !== null) {
    shown.push([lowStep[block]!, low[block]!, lowTime[block]!], [highStep[block]!, high[block]!, highTime[block]!]);
  }
  if (nanStep[block] !== null) shown.push([nanStep[block]!, Number.NaN, nanTime[block]!]);
  if (shown.length > 1 && shown[0]![0] > shown[1]![0]) shown.reverse();
  if (shown.length > 2) shown.sort(([a], [b]) => a - b);
  for (const [step, value, offset] of shown) {
    if (step !== to.steps.at(-1)) add(to, summaries, block, [step, value, offset]);
  }
}

/** The first point of a block that is not mixed. */
export const firstPoint = (summaries: Summaries, block: number): Columns =>
  add(noPoints(), summaries, block, [summaries.firstStep[block]!, summaries.firstValue[block]!, 0]);

/** The last point of a block that is not mixed. */
export const lastPoint = (summaries: Summaries, block: number): Columns =>
  add(noPoints(), summaries, block, [
    summaries.lastStep[block]!,
    summaries.lastValue[block]!,
    summaries.lastTime[block]!,
  ]);

function add(
  to: Columns,
  { firstTime }: Summaries,
  block: number,
  [step, value, offset]: [number, number, number | null],
): Columns {
  const origin = firstTime[block]!;
  to.steps.push(step);
  to.values.push(value);
  to.times.push(origin === null || offset === null ? null : origin + offset);
  return to;
}
