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
  const { steps, times } = columns;
  const blocks: Block[] = [];
  let from = 0;
  let firstTime: number | null = null;
  for (let place = 0; place <= steps.length; place++) {
    const time = times[place] ?? null;
    const isFar =
      steps[place]! - steps[from]! > FARTHEST ||
      (time !== null && firstTime !== null && Math.abs(time - firstTime) > FARTHEST);
    if (place === steps.length || place - from === BLOCK_POINTS || isFar) {
      if (place > from) blocks.push(blockOf(slice(columns, from, place)));
      from = place;
      firstTime = null;
    }
    firstTime ??= time;
  }
  return blocks;
}

function blockOf(columns: Columns): Block {
  const { steps, values, times } = columns;
  const known = times.filter((time) => time !== null);
  return {
    firstStep: steps[0]!,
    columns,
    extremes: extremesOf(values, 0, values.length),
    peaks: values.length > 2 * GROUP_POINTS ? remarkable(values, GROUP_POINTS) : null,
    times: known.length === times.length ? { earliest: Math.min(...known), latest: Math.max(...known) } : null,
  };
}
