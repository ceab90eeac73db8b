/** The value below which a share of the values lies, to this many digits after the point. */
export function quantile(values: readonly number[], share: number, digits = 1): number {
  const sorted = [...values].sort((a, b) => a - b);
  return +sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(digits);
}

/** How long `work` takes, in milliseconds. */
export async function msOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
