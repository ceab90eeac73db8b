/** Sizes of connected components in pixels, ascending, each followed by how many have it: size, count, size, count … */
export type SizeCounts = number[];

/** Fields of a run in `runs`: a piece of a row whose pixels have the same class. */
const [START, END, CLASS, PARENT, SIZE] = [0, 1, 2, 3, 4];
const FIELDS = 5;

/** The runs of the last image. It is reused, because allocating it takes as long as filling it. */
let runs = new Int32Array(FIELDS * 4096);

/**
 * The sizes of the connected components of each class. Pixels that touch at a corner are connected, as in OpenCV and
 * scikit-image.
 *
 * @param labels height x width; values from `classCount` on are ignored
 */
export function componentSizes(labels: Uint8Array, width: number, height: number, classCount: number): SizeCounts[] {
  const count = connectRuns(labels, width, height, classCount);
  const byClass = Array.from({ length: classCount }, () => new Map<number, number>());
  for (let run = 0; run < count * FIELDS; run += FIELDS) {
    if (runs[run + PARENT] !== run) continue;
    const sizes = byClass[runs[run + CLASS]!]!;
    const size = runs[run + SIZE]!;
    sizes.set(size, (sizes.get(size) ?? 0) + 1);
  }
  return byClass.map((sizes) => [...sizes].sort(([a], [b]) => a - b).flat());
}

/** A connected component. Right and bottom are exclusive. */
export interface Component {
  class: number;
  size: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The connected components themselves, in the order of their first pixels. See `componentSizes`. */
export function componentsOf(labels: Uint8Array, width: number, height: number, classCount: number): Component[] {
  return componentsOfRuns(connectRuns(labels, width, height, classCount), width).components;
}

/** The connected components and, for each pixel, the index of its own; -1 for a pixel that is ignored. See `componentSizes`. */
export function connected(
  labels: Uint8Array,
  width: number,
  height: number,
  classCount: number,
): { components: Component[]; indexOf: Int32Array } {
  const count = connectRuns(labels, width, height, classCount);
  const { components, places } = componentsOfRuns(count, width);
  const indexOf = new Int32Array(labels.length).fill(-1);
  for (let run = 0; run < count * FIELDS; run += FIELDS) {
    indexOf.fill(places.get(rootOf(run))!, runs[run + START]!, runs[run + END]!);
  }
  return { components, indexOf };
}

/** The components of the first `count` runs, and by its first run the index of each. */
function componentsOfRuns(count: number, width: number): { components: Component[]; places: Map<number, number> } {
  const components: Component[] = [];
  const places = new Map<number, number>();
  for (let run = 0; run < count * FIELDS; run += FIELDS) {
    const [left, right, index] = [runs[run + START]!, runs[run + END]!, runs[run + CLASS]!];
    const root = rootOf(run);
    const known = components[places.get(root) ?? -1];
    // Runs hold positions in the whole image.
    const row = Math.floor(left / width);
    const [from, to] = [left - row * width, right - row * width];
    if (known) {
      known.left = Math.min(known.left, from);
      known.right = Math.max(known.right, to);
      known.bottom = row + 1;
    } else {
      const box = { left: from, top: row, right: to, bottom: row + 1 };
      places.set(root, components.length);
      components.push({ class: index, size: runs[root + SIZE]!, ...box });
    }
  }
  return { components, places };
}

/** Fills `runs` and connects those of neighbouring rows. Returns the number of runs. */
function connectRuns(labels: Uint8Array, width: number, height: number, classCount: number): number {
  let above = 0;
  let end = 0;
  for (let y = 0; y < height; y++) {
    const row = end;
    end = addRuns(labels, y * width, (y + 1) * width, classCount, end);
    connect(above, row, end, width);
    above = row;
  }
  return end / FIELDS;
}

/** Appends the runs of a row, from position `at` in the image to `rowEnd`. Returns where the next run goes. */
function addRuns(labels: Uint8Array, at: number, rowEnd: number, classCount: number, end: number): number {
  while (at < rowEnd) {
    const start = at;
    const value = labels[at]!;
    do at++;
    while (at < rowEnd && labels[at] === value);
    if (value >= classCount) continue;
    if (end + FIELDS > runs.length) grow();
    runs[end + START] = start;
    runs[end + END] = at;
    runs[end + CLASS] = value;
    runs[end + PARENT] = end;
    runs[end + SIZE] = at - start;
    end += FIELDS;
  }
  return end;
}

function grow(): void {
  const larger = new Int32Array(runs.length * 2);
  larger.set(runs);
  runs = larger;
}

/** Connects the runs from `row` to `end` with those of the row above, which begin at `above`. */
function connect(above: number, row: number, end: number, width: number): void {
  let first = above;
  for (let run = row; run < end; run += FIELDS) {
    // Where this run would be in the row above. Runs that touch it at a corner count.
    const [start, stop] = [runs[run + START]! - width, runs[run + END]! - width];
    while (first < row && runs[first + END]! < start) first += FIELDS;
    for (let other = first; other < row && runs[other + START]! <= stop; other += FIELDS) {
      if (runs[other + CLASS] === runs[run + CLASS]) join(other, run);
    }
  }
}

function join(one: number, other: number): void {
  const [a, b] = [rootOf(one), rootOf(other)];
  if (a === b) return;
  // The earlier one stays, so that a component is found at its first run.
  const [root, child] = a < b ? [a, b] : [b, a];
  runs[child + PARENT] = root;
  runs[root + SIZE]! += runs[child + SIZE]!;
}

function rootOf(run: number): number {
  let root = run;
  while (runs[root + PARENT] !== root) {
    const parent = runs[root + PARENT]!;
    runs[root + PARENT] = runs[parent + PARENT]!;
    root = runs[root + PARENT]!;
  }
  return root;
}
