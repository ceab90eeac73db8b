import { type Columns, slice } from './columns.js';
import { type Extremes, extremesOf, remarkable } from './extremes.js';

/** They fill a page of Postgres. */
export const BLOCK_POINTS = 480;
/** A block knows the extremes of each group of this many points. */
export const GROUP_POINTS = 30;

/** The offsets of a block are 32-bit. */
const FARTHEST = 2 ** 31 - 1;

/** Neighbouring points. */
export interface Block {
  firstStep: number;
  columns: Columns;
  /** The places of its extremes. */
  extremes: Extremes;
  /** The places of the extremes of its groups, ascending; null if there are too few points to need them. */
  peaks: number[] | null;
  /** The lowest and the highest time; null if the time of a point is not known. */
  times: { earliest: number; latest: number } | null;
}

/** Divides points into blocks. Steps must be ascending. */
export function blocksOf(columns: Columns): Block[] {
  const blocks: Block[] = [];
  for (let [from, to] = [0, 0]; from < columns.steps.length; from = to) {
    to = endOfBlock(columns, from);
    blocks.push(blockOf(slice(columns, from, to)));
  }
  return blocks;
}

/** Where the block that begins at `from` ends. */
function endOfBlock({ steps, times }: Columns, from: number): number {
  const end = Math.min(from + BLOCK_POINTS, steps.length);
  let firstTime: number | null = null;
  for (let place = from; place < end; place++) {
    if (steps[place]! - steps[from]! > FARTHEST) return place;
    const time = times[place]!;
    if (time === null) continue;
    firstTime ??= time;
    if (Math.abs(time - firstTime) > FARTHEST) return place;
  }
  return end;
}

function blockOf(columns: Columns): Block {
  const { steps, values, times } = columns;
  return {
    firstStep: steps[0]!,
    columns,
    extremes: extremesOf(values, 0, values.length),
    peaks: values.length > 2 * GROUP_POINTS ? remarkable(values, GROUP_POINTS) : null,
    times: rangeOf(times),
  };
}

/** The lowest and the highest time; null if one is not known. */
function rangeOf(times: readonly (number | null)[]): Block['times'] {
  let [earliest, latest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let place = 0; place < times.length; place++) {
    const time = times[place]!;
    if (time === null) return null;
    if (time < earliest) earliest = time;
    if (time > latest) latest = time;
  }
  return { earliest, latest };
}
