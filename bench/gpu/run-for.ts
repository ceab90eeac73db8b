import { setTimeout as sleep } from 'node:timers/promises';
import { Program } from '../../processes/program.js';

const KEPT_LINES = 15;

export interface Ran {
  ok: boolean;
  /** Whether it was stopped because its time was up. */
  outOfTime: boolean;
  seconds: number;
  /** What it printed last. */
  tail: string[];
}

interface RunOptions {
  seconds: number;
  /** How long it may take to stop before it is killed. What it has started may then outlive it. */
  graceSeconds?: number;
  env?: Record<string, string>;
  onLine?: (line: string) => void;
}

/** Runs a Node program, for at most `seconds`. Its output is shown, and each line given to `onLine`. */
export async function runFor(
  args: readonly string[],
  { seconds, graceSeconds = 20, env = {}, onLine = () => {} }: RunOptions,
): Promise<Ran> {
  const start = performance.now();
  const tail: string[] = [];
  const program = new Program({
    name: args[0]!,
    command: [process.execPath, ...args],
    env,
    onLine: (line) => {
      console.error(line);
      tail.push(line);
      if (tail.length > KEPT_LINES) tail.shift();
      onLine(line);
    },
  });
  const timer = new AbortController();
  const timeUp = sleep(Math.max(0, seconds) * 1000, 'time is up' as const, { signal: timer.signal });
  timeUp.catch(() => undefined);
  const first = await Promise.race([program.ended(), timeUp]);
  timer.abort();
  const outOfTime = first === 'time is up';
  const ending = outOfTime ? await program.stop(graceSeconds) : first;
  return { ok: ending === 0, outOfTime, seconds: (performance.now() - start) / 1000, tail };
}
