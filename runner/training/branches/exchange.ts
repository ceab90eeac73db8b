/** Where two worker threads meet in the middle of a step: each writes what it shows (a label map, probabilities) into shared memory and waits for the other's. */
export interface Exchange {
  /** Two counters a branch: how many maps it has shown, and how many of the other's it has copied; or GONE. */
  counters: SharedArrayBuffer;
  /** One map a branch, overwritten once the other branch has copied it: probabilities are large. */
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
    counters: new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT),
    maps: new SharedArrayBuffer(2 * values * Int32Array.BYTES_PER_ELEMENT),
  };
}

/**
 * Shows `mine` to the other branch and returns a copy of what it shows. It sleeps until then: a branch has nothing else to do.
 * @throws OtherBranchGone when it never will.
 * @throws RangeError when the map is larger than the exchange has room for.
 */
export function meet({ counters, maps }: Exchange, branch: 1 | 2, mine: Int32Array): Int32Array {
  const counts = new Int32Array(counters);
  const other = branch === 1 ? 2 : 1;
  const meeting = Atomics.load(counts, shownBy(branch)) + 1;
  const room = maps.byteLength / Int32Array.BYTES_PER_ELEMENT / 2;
  if (mine.length > room) throw new RangeError(`a map of ${mine.length} values does not fit the ${room} there are`);
  const mapOf = (of: 1 | 2) => new Int32Array(maps, (of - 1) * room * Int32Array.BYTES_PER_ELEMENT, mine.length);

  // The other branch may be slow to copy what was shown at the last meeting.
  awaitCount(counts, copiedBy(other), meeting - 1, other);
  mapOf(branch).set(mine);
  raise(counts, shownBy(branch), meeting);
  awaitCount(counts, shownBy(other), meeting, other);
  const others = mapOf(other).slice();
  raise(counts, copiedBy(branch), meeting);
  return others;
}

/** Says that a branch will come to no further meeting, and wakes the one that waits for it. */
export function leave({ counters }: Exchange, branch: 1 | 2): void {
  const counts = new Int32Array(counters);
  raise(counts, shownBy(branch), GONE);
  raise(counts, copiedBy(branch), GONE);
}

function shownBy(branch: 1 | 2): number {
  return branch - 1;
}

function copiedBy(branch: 1 | 2): number {
  return branch + 1;
}

/** Sleeps until a counter of the branch `of` has come to `wanted`. */
function awaitCount(counts: Int32Array<SharedArrayBuffer>, counter: number, wanted: number, of: 1 | 2): void {
  for (;;) {
    const count = Atomics.load(counts, counter);
    if (count === GONE) throw new OtherBranchGone(`branch ${of} is gone`);
    if (count >= wanted) return;
    Atomics.wait(counts, counter, count);
  }
}

function raise(counts: Int32Array<SharedArrayBuffer>, counter: number, value: number): void {
  Atomics.store(counts, counter, value);
  Atomics.notify(counts, counter);
}
