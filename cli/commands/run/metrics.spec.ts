import { beforeAll, expect, it } from 'vitest';
import { type Claimed, type TestRunner, testServer, USER_TOKEN } from '../../../server/testing/test-server.js';
import { crosscheck } from '../../testing/crosscheck.js';

const server = testServer({ authRequired: true });
let runner: TestRunner;
let attempt: Claimed;

const metrics = (...args: string[]) =>
  crosscheck('run', 'metrics', '--server', server.url, '--token', USER_TOKEN, ...args);
const NOON = Date.UTC(2026, 0, 31, 12);

beforeAll(async () => {
  runner = await server.registerRunner();
  await server.createRun({}, { training: { iterations: 100_000 } });
  attempt = (await runner.claim())!;
  const steps = Array.from({ length: 10_000 }, (_, i) => i);
  await runner.report(attempt, {
    ...{ sequence: 1, step: 9999 },
    points: [
      // A minute between two steps, so that step 60 is at one o'clock.
      {
        series: 'loss',
        steps,
        values: steps.map((step) => 1 / (step + 1)),
        times: steps.map((i) => NOON + 60_000 * i),
      },
      { series: 'lr', steps: [7], values: ['NaN'], times: [NOON] },
    ],
  });
});

it('prints every point as CSV', async () => {
  const { code, out, err } = await metrics('1');
  expect([code, err]).toEqual([0, []]);
  expect(out).toHaveLength(10_002);
  expect(out.slice(0, 2)).toEqual(['run,series,step,time,value', `1,loss,0,${NOON},1`]);
  expect(out.at(-1)).toBe(`1,lr,7,${NOON},NaN`);
});

it('prints series and ranges of steps or times as NDJSON', async () => {
  const steps = async (...args: string[]) => {
    const { code, out } = await metrics(attempt.runId, '--ndjson', ...args);
    expect(code).toBe(0);
    return out.map((line) => JSON.parse(line)).map(({ series, step }) => `${series} ${step}`);
  };
  expect(await steps('--from', '6', '--to', '8')).toEqual(['loss 6', 'loss 7', 'loss 8', 'lr 7']);
  expect(await steps('--series', 'loss', '--from', '6', '--to', '7')).toEqual(['loss 6', 'loss 7']);
  const hour = await steps('--from', '2026-01-31T13:00Z', '--to', '2026-01-31T13:01Z');
  expect(hour).toEqual(['loss 60', 'loss 61']);
  expect(await steps('--from', '61', '--to', '2026-01-31T13:01')).toEqual(['loss 61']);
});

it('says when there is nothing, and what is wrong', async () => {
  expect(await metrics('1', '--series', 'nothing')).toEqual({
    ...{ code: 0, out: ['run,series,step,time,value'], err: ['run #1 has no such points'] },
  });
  expect(await metrics('1', '--ndjson', '--from', '20000')).toMatchObject({
    out: [],
    err: ['run #1 has no such points'],
  });
  expect((await metrics('2')).err[0]).toContain('there is no run 2');
  // JavaScript would take all but the first for times.
  for (const end of ['noon', '-5', '1.5', 'step 7', '2026-02-30']) {
    const { code, err } = await metrics('1', `--from=${end}`);
    expect([code, err[0]]).toEqual([2, expect.stringContaining('must be a step, such as 1000, or a time')]);
  }
  expect((await metrics('1', '--csv', '--ndjson')).code).toBe(2);
  const far = await metrics('1', '--from', '3000000000');
  expect([far.code, far.err[0]]).toEqual([
    2,
    'error: fromStep: must be a number from 0 to 2147483647; got "3000000000"',
  ]);
  const anonymous = await crosscheck('run', 'metrics', '1', '--server', server.url, '--token', '');
  expect([anonymous.code, anonymous.err[0]?.includes('give a user token with --token')]).toEqual([2, true]);
});
