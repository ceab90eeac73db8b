/** The signal that asks for a measurement. */
export const MEASURE = 'SIGUSR2';

export interface Heap {
  /** Bytes of JavaScript objects. */
  heapUsed: number;
  /** Bytes of the process. */
  rss: number;
}

const START = 'heap after collection: ';

/** How the line of a measurement ends. Measurements count from 1. */
export const heapLineEnd = (measurement: number): string => ` (measurement ${measurement})`;

/** The line that reports a measurement. */
export function heapLine({ heapUsed, rss }: Heap, measurement: number): string {
  return `${START}${JSON.stringify({ heapUsed, rss })}${heapLineEnd(measurement)}\n`;
}

/** The measurement in a program's output. The output must contain it. */
export function readHeap(output: string, measurement: number): Heap {
  const end = output.lastIndexOf(heapLineEnd(measurement));
  const start = output.lastIndexOf(START, end) + START.length;
  return JSON.parse(output.slice(start, end)) as Heap;
}
