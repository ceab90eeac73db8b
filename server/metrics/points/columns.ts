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

/** Points one after the other. */
export function joined(parts: readonly Columns[]): Columns {
  const none: Columns = noPoints();
  return {
    steps: none.steps.concat(...parts.map(({ steps }) => steps)),
    values: none.values.concat(...parts.map(({ values }) => values)),
    times: none.times.concat(...parts.map(({ times }) => times)),
  };
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

/** The points whose steps are in a range, both ends included. Steps must be ascending. */
export function within(columns: Columns, fromStep: number, toStep: number): Columns {
  const from = columns.steps.findIndex((step) => step >= fromStep);
  if (from < 0) return noPoints();
  const to = columns.steps.findLastIndex((step) => step <= toStep) + 1;
  return slice(columns, from, Math.max(from, to));
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
