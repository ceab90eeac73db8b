import { expect, it } from 'vitest';
import { chaos } from './chaos.js';
import { FAULT_KINDS } from './faults/kinds.js';

/** A safety net: a loaded machine takes many times as long as an idle one. */
const PATIENCE_MS = 900_000;

/** A short run of `npm run chaos`: the same seed each time, and each kind of fault once. */
it.skipIf(process.platform !== 'linux')(
  'loses nothing and stores nothing twice while everything breaks',
  async () => {
    const lines: string[] = [];
    const options = { seed: 1, seconds: 18, agents: 3, runs: 8, faults: FAULT_KINDS, rounds: 1 };
    const print = (line: string): void => void lines.push(line);
    const never = { yet: false, promise: new Promise<void>(() => {}) };
    const result = await chaos({ ...options, checkpointBytes: 1_000_000, print }, never);
    expect(result.violations, lines.join('\n')).toBe(0);
    const skipped = result.skipped.map((line) => line.split(':')[0]);
    expect([...Object.keys(result.faults), ...skipped].sort()).toEqual([...FAULT_KINDS].sort());
    // Only root can mount the small disk.
    expect(skipped.filter((kind) => kind !== 'full-disk')).toEqual([]);
  },
  PATIENCE_MS,
);
