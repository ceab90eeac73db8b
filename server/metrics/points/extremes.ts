/** Indices in [from, to) of the lowest value, the highest value and the first NaN, ascending, without duplicates. */
export function remarkable(values: readonly number[], from: number, to: number): number[] {
  let [lowest, highest, nan] = [-1, -1, -1];
  for (let index = from; index < to; index++) {
    const value = values[index]!;
    if (Number.isNaN(value)) {
      if (nan < 0) nan = index;
      continue;
    }
    if (lowest < 0 || value < values[lowest]!) lowest = index;
    if (highest < 0 || value > values[highest]!) highest = index;
  }
  return [...new Set([lowest, highest, nan])].filter((index) => index >= 0).sort((a, b) => a - b);
}
