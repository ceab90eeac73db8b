/** How long something took. */
export interface Took {
  milliseconds: number;
  /** Of all threads of the process together. */
  processorMs: number;
}

/** Times `work` in this process. */
export async function timed(work: () => Promise<unknown>): Promise<Took> {
  const processor = process.cpuUsage();
  const start = performance.now();
  await work();
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(processor);
  return { milliseconds, processorMs: (user + system) / 1000 };
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** A value for each name, rounded. */
export function rounded(values: Iterable<readonly [name: string, value: number]>): Record<string, number> {
  return Object.fromEntries([...values].map(([name, value]) => [name, round(value)]));
}
