/**
 * Shared memory in which two worker threads exchange maps (labels or probabilities) in the middle of a step: each writes its
 * own and waits for the other's.
 */
export interface Exchange {
  /** Two counters per branch: the maps it has shown, and the maps of the other branch it has copied; or GONE. */
  counters: SharedArrayBuffer;
  /** Room for one map per branch, overwritten once the other branch has copied it, because probabilities are large. */
  maps: SharedArrayBuffer;
}

/** Marks a branch that failed or ended: the other must not wait for it. */
const GONE = -1;

/** The other branch failed or ended. Its own error says why. */
export class OtherBranchGone extends Error {
  override readonly name = 'OtherBranchGone';
}

/** Creates an exchange for maps of at most `values` 32-bit values. */
export function createExchange(values: number): Exchange {
  return {
    counters: new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT),
    maps: new SharedArrayBuffer(2 * values * Int32Array.BYTES_PER_ELEMENT),
  };
}

/**
 * Shows `mine` to the other branch and returns a copy of the other's map. Blocks the thread until the other has shown it: a
 * branch has nothing else to do.
 * @throws OtherBranchGone when the other branch failed or ended.
 * @throws RangeError when the map is larger than the exchange.
 */
export function meet({ counters, maps }: Exchange, branch: 1 | 2, mine: Int32Array): Int32Array {
  const counts = new Int32Array(counters);
  const other = branch === 1 ? 2 : 1;
  const meeting = Atomics.load(counts, shownBy(branch)) + 1;
  const room = maps.byteLength / Int32Array.BYTES_PER_ELEMENT / 2;
  if (mine.length > room)
    throw new RangeError(`a map of ${mine.length} values does not fit into an exchange of ${room}`);
  const mapOf = (of: 1 | 2) => new Int32Array(maps, (of - 1) * room * Int32Array.BYTES_PER_ELEMENT, mine.length);

  // The other branch may not have copied this branch's last map yet.
  awaitCount(counts, copiedBy(other), meeting - 1, other);
  mapOf(branch).set(mine);
  raise(counts, shownBy(branch), meeting);
  awaitCount(counts, shownBy(other), meeting, other);
  const others = mapOf(other).slice();
  raise(counts, copiedBy(branch), meeting);
  return others;
}

/** Marks a branch as gone, and wakes the other one if it is waiting. */
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

/** Sleeps until a counter of branch `of` has reached `wanted`. */
function awaitCount(counts: Int32Array<SharedArrayBuffer>, counter: number, wanted: number, of: 1 | 2): void {
  for (;;) {
    const count = Atomics.load(counts, counter);
    if (count === GONE) throw new OtherBranchGone(`branch ${of} has failed or ended`);
    if (count >= wanted) return;
    Atomics.wait(counts, counter, count);
  }
}

function raise(counts: Int32Array<SharedArrayBuffer>, counter: number, value: number): void {
  Atomics.store(counts, counter, value);
  Atomics.notify(counts, counter);
}
