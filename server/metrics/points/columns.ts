/** Points of a scalar, as columns of equal length. A time is in milliseconds since 1970, or null if none was recorded. */
export interface Columns {
  steps: number[];
  values: number[];
  times: (number | null)[];
}

export const noPoints = (): Columns => ({ steps: [], values: [], times: [] });

/** The points at these places, in this order. */
export function at({ steps, values, times }: Columns, places: readonly number[]): Columns {
  return {
    steps: places.map((place) => steps[place]!),
    values: places.map((place) => values[place]!),
    times: places.map((place) => times[place]!),
  };
}

export function slice({ steps, values, times }: Columns, from: number, to: number): Columns {
  return { steps: steps.slice(from, to), values: values.slice(from, to), times: times.slice(from, to) };
}

/** Numbers as their differences to a first one, up to a limit. Null stays null. */
export function offsets(
  numbers: readonly (number | null)[],
  first: number,
  most = Number.POSITIVE_INFINITY,
): (number | null)[] {
  const differences = new Array<number | null>(numbers.length);
  // A callback would get each number as an object of its own.
  for (let place = 0; place < numbers.length; place++) {
    const number = numbers[place]!;
    differences[place] = number === null ? null : Math.min(number - first, most);
  }
  return differences;
}

/** Adds a point of `from` to the end of `to`. */
export function push(to: Columns, from: Columns, place: number): void {
  to.steps.push(from.steps[place]!);
  to.values.push(from.values[place]!);
  to.times.push(from.times[place]!);
}

/** Points one after the other. */
export function joined(parts: readonly Columns[]): Columns {
  const none: Columns = noPoints();
  return {
    steps: none.steps.concat(...parts.map(({ steps }) => steps)),
    values: none.values.concat(...parts.map(({ values }) => values)),
    times: none.times.concat(...parts.map(({ times }) => times)),
  };
}

/** The points of both, ordered by step. Both must be ascending. Of points at the same step, the one in `newer` counts. */
export function merged(older: Columns, newer: Columns): Columns {
  if (newer.steps.length === 0) return older;
  if (older.steps.length === 0) return newer;
  if (older.steps.at(-1)! < newer.steps[0]!) return joined([older, newer]);
  if (newer.steps.at(-1)! < older.steps[0]!) return joined([newer, older]);
  const all = noPoints();
  for (let [i, j] = [0, 0]; i < older.steps.length || j < newer.steps.length; ) {
    const [a, b] = [older.steps[i] ?? Number.POSITIVE_INFINITY, newer.steps[j] ?? Number.POSITIVE_INFINITY];
    if (a < b) push(all, older, i);
    else push(all, newer, j);
    if (a <= b) i++;
    if (b <= a) j++;
  }
  return all;
}

/** Orders points by step. Of several points at the same step, the last one counts. */
export function inOrder(columns: Columns): Columns {
  const { steps } = columns;
  if (steps.every((step, place) => place === 0 || steps[place - 1]! < step)) return columns;
  const last = new Map(steps.map((step, place) => [step, place]));
  return at(
    columns,
    [...last].sort(([a], [b]) => a - b).map(([, place]) => place),
  );
}

/** The points that have a time, ordered by time; those of the same time by step. Steps must be ascending. */
export function byTime(columns: Columns): Columns {
  const { times } = columns;
  const places = times.flatMap((time, place) => (time === null ? [] : [place]));
  // The sort is stable.
  return at(
    columns,
    places.sort((a, b) => times[a]! - times[b]!),
  );
}

/** The points whose times are in a range, both ends included. Those without a time are outside. */
export function withinTime(columns: Columns, fromTime: number, toTime: number): Columns {
  const places = columns.times.flatMap((time, place) =>
    time !== null && time >= fromTime && time <= toTime ? [place] : [],
  );
  return places.length === columns.times.length ? columns : at(columns, places);
}

/** The points whose steps are in a range, both ends included. Steps must be ascending. */
export function within(columns: Columns, fromStep: number, toStep: number): Columns {
  const { steps } = columns;
  const first = steps.findIndex((step) => step >= fromStep);
  if (first < 0) return noPoints();
  const end = steps.findLastIndex((step) => step <= toStep) + 1;
  return first === 0 && end === steps.length ? columns : slice(columns, first, Math.max(first, end));
}

/** Divides points before the first one at or after each of `starts`. All are ascending. Leaves out empty parts. */
export function splitAt(columns: Columns, starts: readonly number[]): Columns[] {
  const parts: Columns[] = [];
  let from = 0;
  for (const start of [...starts, Number.POSITIVE_INFINITY]) {
    let to = from;
    while (to < columns.steps.length && columns.steps[to]! < start) to++;
    if (to > from) parts.push(slice(columns, from, to));
    from = to;
  }
  return parts;
}
