import { expect, it } from 'vitest';
import { fuzz } from './fuzz.js';
import { DEFAULTS } from './options.js';

/**
 * A short run of `npm run fuzz`: the same seed each time, every operation by each caller, and one call for each place of
 * every input. Other tests use the machine too, so an answer may take longer than on an idle machine.
 */
it('the server answers every kind of input without an internal error, a crash or growing memory', async () => {
  const lines: string[] = [];
  const result = await fuzz({
    ...DEFAULTS,
    seed: 1,
    perPlace: 1,
    slowMs: 10_000,
    size: { studies: 20, runs: 1000, points: 5, longPoints: 2000 },
    print: (line) => lines.push(line),
  });
  expect(result.left).toBe(0);
  expect(result.faults, lines.join('\n')).toBe(0);
});
