import { at, type Columns, slice } from './columns.js';
import { remarkable } from './extremes.js';

/** They fill a page of Postgres. */
export const BLOCK_POINTS = 480;

/** The offsets of a block are 32-bit. */
const FARTHEST = 2 ** 31 - 1;

/** What a block says about its points without being opened. */
export interface Summary {
  points: number;
  firstStep: number;
  lastStep: number;
  /** The first and the last point, the lowest and the highest, and the first NaN: ascending, without duplicates. */
  shown: Columns;
}

/** Neighbouring points, with the summary of them. */
export interface Block extends Summary {
  columns: Columns;
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
  const { steps, values } = columns;
  const points = steps.length;
  const places = [...new Set([0, ...remarkable(values, 0, points), points - 1])].sort((a, b) => a - b);
  return { points, firstStep: steps[0]!, lastStep: steps.at(-1)!, shown: at(columns, places), columns };
}
