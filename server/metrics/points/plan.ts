import type { PointRange } from '../metrics.types.js';
import { BLOCK_POINTS, GROUP_POINTS } from './block.js';
import type { BlockKey } from './blocks.repository.js';
import { at, type Columns, joined, merged, noPoints, splitAt, within, withinTime } from './columns.js';
import { bucketsOf, downsample } from './downsample.js';
import { remarkable } from './extremes.js';
import { addShown, firstPoint, isMixed, lastPoint, type Summaries } from './summaries.js';

/** A history, and the number of points that it had before it was reduced. */
export interface History extends Columns {
  total: number;
}

/** What has to be read of a series so that a history of enough points can be made. Blocks are named by their place. */
export interface Plan {
  seriesId: number;
  summaries: Summaries;
  /** Points that wait to be rolled up. They replace those of blocks at the same steps. */
  waiting: Columns;
  /** Blocks of which all points are read. */
  opened: number[];
  /** Blocks of which the extremes are enough: those of their groups if `group` is shorter than a block. */
  closed: number[];
  /** How many neighbours share a lowest and a highest point; null if every point is read. */
  group: number | null;
}

/** Decides how closely the blocks of a series have to be looked at. */
export function planOf(
  seriesId: number,
  summaries: Summaries,
  waiting: Columns,
  range: PointRange,
  maxPoints: number,
): Plan {
  const [first, last] = [
    waiting.steps[0] ?? Number.POSITIVE_INFINITY,
    waiting.steps.at(-1) ?? Number.NEGATIVE_INFINITY,
  ];
  const blocks = [...summaries.firstStep.keys()];
  const isReplaced = (block: number) => first <= summaries.lastStep[block]! && last >= summaries.firstStep[block]!;
  const isWhole = (block: number) =>
    !isMixed(summaries, block) && !isReplaced(block) && isWithin(summaries, block, range);
  const whole = blocks.filter(isWhole);
  const known = whole.filter((block) => summaries.peaks[block] !== null);
  // At least half of the points that were asked for.
  const enough = bucketsOf(maxPoints, false);
  const extremes = known.reduce((sum, block) => sum + summaries.peaks[block]!, 0);
  const [closed, group] =
    2 * whole.length >= enough ? [whole, BLOCK_POINTS] : extremes >= enough ? [known, GROUP_POINTS] : [[], null];
  const isClosed = new Set(closed);
  return { seriesId, summaries, waiting, closed, group, opened: blocks.filter((block) => !isClosed.has(block)) };
}

function isWithin({ firstStep, lastStep, firstTime, earliest, latest }: Summaries, block: number, range: PointRange) {
  if (firstStep[block]! < range.fromStep || lastStep[block]! > range.toStep) return false;
  const { fromTime, toTime } = timesOf(range);
  if (fromTime === null) return true;
  return firstTime[block]! + earliest[block]! >= fromTime && firstTime[block]! + latest[block]! <= toTime;
}

/** The names of blocks in the table. */
export const keysOf = ({ seriesId, summaries }: Plan, blocks: readonly number[]): BlockKey[] =>
  blocks.map((block) => ({ seriesId, firstStep: summaries.firstStep[block]! }));

/** How many stored points are read for a plan. */
export function pointsToRead({ summaries, waiting, opened, closed, group }: Plan): number {
  const sum = (column: (number | null)[], blocks: number[]) => blocks.reduce((all, block) => all + column[block]!, 0);
  const peaks = group === GROUP_POINTS ? sum(summaries.peaks, closed) : 0;
  return waiting.steps.length + sum(summaries.points, opened) + peaks;
}

/** The history that a plan describes, from the points of its opened blocks and, for groups, the extremes of its closed ones. */
export function historyOf(
  { summaries, waiting, closed, group }: Plan,
  opened: Columns,
  peaks: Columns,
  range: PointRange,
  maxPoints: number,
): History {
  const read = inRange(merged(opened, waiting), range);
  const total = closed.reduce((sum, block) => sum + summaries.points[block]!, read.steps.length);
  if (group === null) return { ...downsample(read, maxPoints), total };
  const shown = group === BLOCK_POINTS ? noPoints() : peaks;
  if (group === BLOCK_POINTS) for (const block of closed) addShown(shown, summaries, block);
  // No group of what was read may span a block that was not.
  const starts = closed.map((block) => summaries.firstStep[block]!);
  const parts = splitAt(read, starts).map((part) => at(part, remarkable(part.values, group)));
  const all = merged(shown, joined(parts));
  return { ...downsample(withEnds(all, read, summaries, closed), maxPoints), total };
}

/** Adds the first and the last point of a history, which need not be extremes. */
function withEnds(extremes: Columns, read: Columns, summaries: Summaries, closed: readonly number[]): Columns {
  const count = read.steps.length;
  const ends = (
    closed.length === 0 ? [] : [firstPoint(summaries, closed[0]!), lastPoint(summaries, closed.at(-1)!)]
  ).concat(count === 0 ? [] : [at(read, [0]), at(read, [count - 1])]);
  if (ends.length === 0) return extremes;
  ends.sort((a, b) => a.steps[0]! - b.steps[0]!);
  return merged(merged(extremes, ends[0]!), ends.at(-1)!);
}

/** The points of a range of steps and times. */
export function inRange(columns: Columns, range: PointRange): Columns {
  const { fromTime, toTime } = timesOf(range);
  const inSteps = within(columns, range.fromStep, range.toStep);
  return fromTime === null ? inSteps : withinTime(inSteps, fromTime, toTime);
}

/** The range of times, both ends included; `fromTime` is null if times do not matter. */
export function timesOf({ fromTime = null, toTime = null }: PointRange): { fromTime: number | null; toTime: number } {
  if (fromTime === null && toTime === null) return { fromTime: null, toTime: Number.POSITIVE_INFINITY };
  return { fromTime: fromTime ?? Number.NEGATIVE_INFINITY, toTime: toTime ?? Number.POSITIVE_INFINITY };
}
