/** Where two worker threads meet in the middle of a step: each writes what it shows (a label map, probabilities) into shared memory and waits for the other's. */
export interface Exchange {
  /** One counter a branch: how many maps it has shown, or GONE. */
  counters: SharedArrayBuffer;
  /** Two maps a branch, used in turn: a fast branch must not overwrite the map that a slow one still reads. */
  maps: SharedArrayBuffer;
}

/** A branch that failed or ended: nobody may wait for it. */
const GONE = -1;

/** The other branch failed or ended; its own error says why. */
export class OtherBranchGone extends Error {
  override readonly name = 'OtherBranchGone';
}

/** Room for maps of at most `values` values of 32 bits. */
export function createExchange(values: number): Exchange {
  return {
    counters: new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT),
    maps: new SharedArrayBuffer(4 * values * Int32Array.BYTES_PER_ELEMENT),
  };
}

/**
 * Shows `mine` to the other branch and returns a copy of what it shows. It sleeps until then: a branch has nothing else to do.
 * @throws OtherBranchGone when it never will.
 * @throws RangeError when the map is larger than the exchange has room for.
 */
export function meet({ counters, maps }: Exchange, branch: 1 | 2, mine: Int32Array): Int32Array {
  const counts = new Int32Array(counters);
  const me = branch - 1;
  const other = 1 - me;
  const meeting = Atomics.load(counts, me) + 1;
  const room = maps.byteLength / Int32Array.BYTES_PER_ELEMENT / 4;
  if (mine.length > room) throw new RangeError(`a map of ${mine.length} values does not fit the ${room} there are`);
  const mapOf = (index: number) => new Int32Array(maps, mapOffset(index, meeting, room), mine.length);

  mapOf(me).set(mine);
  Atomics.store(counts, me, meeting);
  Atomics.notify(counts, me);
  for (;;) {
    const shown = Atomics.load(counts, other);
    if (shown === GONE) throw new OtherBranchGone(`branch ${other + 1} is gone`);
    if (shown >= meeting) return mapOf(other).slice();
    Atomics.wait(counts, other, shown);
  }
}

/** Says that a branch will come to no further meeting, and wakes the one that waits for it. */
export function leave({ counters }: Exchange, branch: 1 | 2): void {
  const counts = new Int32Array(counters);
  Atomics.store(counts, branch - 1, GONE);
  Atomics.notify(counts, branch - 1);
}

function mapOffset(index: number, meeting: number, room: number): number {
  return (2 * index + (meeting % 2)) * room * Int32Array.BYTES_PER_ELEMENT;
}
