import { describe, expect, it } from 'vitest';
import { MOST_POINTS } from '../../schema/report-limits.js';
import { reportedRun } from '../testing/reported-run.js';
import { testServer } from '../testing/test-server.js';

const server = testServer();
const current = reportedRun(server);

const packed = (numbers: Int32Array | Float64Array) => Buffer.from(numbers.buffer).toString('base64');
const ints = (...numbers: number[]) => packed(Int32Array.from(numbers));
const floats = (...numbers: number[]) => packed(Float64Array.from(numbers));
const POINTS = {
  series: ['loss', 'lr'],
  counts: [2, 1],
  steps: ints(1, 2, 1),
  values: floats(0.5, Number.NaN, 5e-324),
};
const stored = async () => {
  const { metrics } = await server.run(current.attempt.runId, 'metrics { name steps values times }');
  return metrics as { name: string; steps: number[]; values: (number | string)[]; times: number[] }[];
};

describe('packed points', () => {
  it('are stored exactly, with their times, together with others', async () => {
    const points = [{ series: 'miou', steps: [3], values: ['Infinity'], times: [9] }];
    await current.report({ step: 3, points, packedPoints: { ...POINTS, times: floats(1000, 2000.4, 3000) } });
    expect(await stored()).toEqual([
      { name: 'loss', steps: [1, 2], values: [0.5, 'NaN'], times: [1000, 2000] },
      { name: 'lr', steps: [1], values: [5e-324], times: [3000] },
      { name: 'miou', steps: [3], values: ['Infinity'], times: [9] },
    ]);
  });

  it('may name a series twice and have points in any order; the last one at a step counts', async () => {
    const twice = {
      series: ['loss', 'loss', 'none'],
      counts: [2, 1, 0],
      steps: ints(5, 2, 2),
      values: floats(1, 2, 3),
    };
    await current.report({ packedPoints: twice });
    expect(await stored()).toMatchObject([{ name: 'loss', steps: [2, 5], values: [3, 1] }]);
  });

  it('of literals are read like those of variables', async () => {
    const { attemptId, fence } = current.attempt;
    const { series, counts, steps, values } = POINTS;
    const literal = `{ series: ${JSON.stringify(series)}, counts: [${counts}], steps: "${steps}", values: "${values}" }`;
    await server.ask(
      `mutation { reportAttempt(report: { attemptId: "${attemptId}", fence: ${fence}, sequence: 1, packedPoints: ${literal} }) {
        directive } }`,
      {},
      current.runner.token,
    );
    expect(await stored()).toMatchObject([{ values: [0.5, 'NaN'] }, { values: [5e-324] }]);
  });

  it.each<[string, object, string]>([
    ['one count too few', { counts: [3] }, 'packedPoints: has 2 series but 1 counts'],
    ['a negative count', { counts: [4, -1] }, 'packedPoints: counts must be at least 0; got -1'],
    ['counts that do not fit', { counts: [2, 2] }, 'packedPoints: has 3 steps, but the counts add up to 4'],
    ['one value too few', { values: floats(1, 2) }, 'packedPoints: has 3 steps but 2 values'],
    ['one time too many', { times: floats(1, 2, 3, 4) }, 'packedPoints: has 3 steps but 4 times'],
    [
      'a time that is NaN',
      { times: floats(1, Number.NaN, 3) },
      'series "loss": times must not be before 1970; got NaN',
    ],
    ['a negative step', { steps: ints(1, -2, 3) }, "must be between 0 and the run's 1000 iterations; got -2"],
    [
      'a step after the last one',
      { steps: ints(1, 2, 1001) },
      "must be between 0 and the run's 1000 iterations; got 1001",
    ],
    ['too many points', { steps: ints(...new Array(MOST_POINTS + 1).fill(1)) }, 'at most 20000 points; got 20001'],
    ['an unprintable name', { series: ['loss', '\n'] }, 'must have 1 to 128 printable characters'],
    ['half a number', { values: 'AAAA' }, 'PackedFloats must have 8 bytes for each number; got 3 bytes'],
    ['something that is not Base64', { steps: 'AAA*' }, 'PackedInts must be Base64 with padding; got "AAA*"'],
    ['Base64 without padding', { steps: 'AAAAAA' }, 'PackedInts must be Base64 with padding; got "AAAAAA"'],
    ['a list', { steps: [1, 2, 1] }, 'PackedInts must be Base64 with padding; got [1,2,1]'],
  ])('are refused with %s, and nothing is stored', async (_, change, message) => {
    await expect(current.report({ packedPoints: { ...POINTS, ...change } })).rejects.toThrow(message);
    expect(await stored()).toEqual([]);
    expect((await server.run(current.attempt.runId, 'series { name }')).series).toEqual([]);
  });
});
