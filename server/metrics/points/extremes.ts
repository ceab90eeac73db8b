/** Places of points that people look for; -1 if there is none. */
export interface Extremes {
  lowest: number;
  highest: number;
  /** The first NaN. */
  nan: number;
}

/** The extremes of the values at [from, to). Of equal values, the first one counts. Infinities count, NaN does not. */
export function extremesOf(values: readonly number[], from: number, to: number): Extremes {
  let [lowest, highest, nan] = [-1, -1, -1];
  for (let place = from; place < to; place++) {
    const value = values[place]!;
    if (Number.isNaN(value)) {
      if (nan < 0) nan = place;
      continue;
    }
    if (lowest < 0 || value < values[lowest]!) lowest = place;
    if (highest < 0 || value > values[highest]!) highest = place;
  }
  return { lowest, highest, nan };
}

/** Appends the places of extremes in ascending order, without duplicates. */
export function addPlaces(places: number[], { lowest, highest, nan }: Extremes): void {
  const [first, second, third] = sorted(lowest, highest, nan);
  if (first! >= 0) places.push(first!);
  if (second! >= 0 && second !== first) places.push(second!);
  if (third! >= 0 && third !== second) places.push(third!);
}

/** The places of the extremes of every `size` neighbouring points, ascending. */
export function remarkable(values: readonly number[], size: number): number[] {
  const places: number[] = [];
  for (let from = 0; from < values.length; from += size) {
    addPlaces(places, extremesOf(values, from, Math.min(values.length, from + size)));
  }
  return places;
}

/** Faster than the sorting of an array. */
function sorted(a: number, b: number, c: number): readonly number[] {
  const [low, high] = a < b ? [a, b] : [b, a];
  if (c < low) return [c, low, high];
  return c < high ? [low, c, high] : [low, high, c];
}
