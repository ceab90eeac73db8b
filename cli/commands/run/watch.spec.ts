import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Claimed, type TestRunner, testServer } from '../../../server/testing/test-server.js';
import { runCommandLine } from '../../command-line.js';
import { plainLines, type WatchedRun, watchedLines } from './watch-view.js';

const server = testServer();
let runner: TestRunner;
let attempt: Claimed;

beforeAll(async () => {
  runner = await server.registerRunner({ slots: 9 });
  await server.setSlotLimit(runner, 9);
});
beforeEach(async () => {
  await server.createRun({ name: 'watched' });
  attempt = (await runner.claim())!;
});

const points = (step: number, loss: number | string) => [
  { series: 'loss', steps: [step], values: [loss] },
  { series: 'lr', steps: [step], values: [0.1] },
];

/** Watches the run. `next` happens after the first line that contains its key. */
async function watched(next: Record<string, () => Promise<unknown>>, ...options: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const happening: Promise<unknown>[] = [];
  const code = await runCommandLine(['run', 'watch', attempt.runId, '--server', server.url, ...options], {
    print: (line) => {
      out.push(line);
      for (const [key, act] of Object.entries(next)) {
        if (!line.includes(key)) continue;
        delete next[key];
        happening.push(act());
      }
    },
    write: async () => {},
    warn: (line) => err.push(line),
  });
  await Promise.all(happening);
  return { code, out, err };
}

describe('run watch', () => {
  it('prints a line for each tenth, evaluation, state and alarm, and ends with the run', async () => {
    const { number } = await server.run(attempt.runId, 'number');
    const evaluations = [
      { step: 300, subset: 'VAL', network: 'BRANCH1', confusion: [50, 50, 0, 0, 100, 0, 0, 0, 100] },
    ];
    const alarms = [{ step: 300, kind: 'DROP', network: 'BRANCH1', message: 'mIoU has fallen' }];
    const { code, out, err } = await watched({
      '0/1000': () => runner.report(attempt, { sequence: 1, step: 100, points: points(100, 0.5) }),
      '100/1000': () =>
        runner.report(attempt, { sequence: 2, step: 300, points: points(300, 'NaN'), evaluations, alarms }),
      'mIoU has fallen': () => runner.complete(attempt),
    });
    expect({ code, err }).toEqual({ code: 0, err: [`run #${number} is COMPLETED`] });
    expect(out[0]).toBe(`#${number} RUNNING, 0/1000`);
    expect(out[1]).toBe(`#${number} RUNNING, 100/1000, loss 0.5000`);
    // What a report has may appear in two lines, because the server reads one part after another.
    expect(out).toContainEqual(
      expect.stringMatching(/ RUNNING, 300\/1000, loss .*, mIoU 72\.2 % at step 300, best 72\.2 % at step 300$/),
    );
    expect(out.filter((line) => line.startsWith('alarm'))).toEqual([
      'alarm since step 300: DROP of BRANCH1: mIoU has fallen',
    ]);
    expect(out.at(-1)).toMatch(new RegExp(`^#${number} COMPLETED, 1000/1000, loss NaN, mIoU`));
  });

  it.each<[string, number, () => Promise<unknown>, RegExp]>([
    ['FAILED', 1, () => runner.finish(attempt, 'FAILED', 'out of memory'), /^run #\d+ is FAILED: out of memory$/],
    [
      'CANCELED',
      5,
      async () => {
        await server.ask('mutation ($id: ID!) { cancelRun(id: $id) { id } }', { id: attempt.runId });
        await runner.finish(attempt, 'CANCELED');
      },
      /^run #\d+ is CANCELED$/,
    ],
  ])('ends with the exit code of a run that is %s', async (_, code, act, message) => {
    const outcome = await watched({ '0/1000': act });
    expect(outcome.code).toBe(code);
    expect(outcome.err.at(-1)).toMatch(message);
  });

  it('prints JSON lines, and ends at once if the run has ended', async () => {
    await runner.report(attempt, { sequence: 1, step: 5, points: points(5, 2) });
    await runner.complete(attempt);
    const { code, out } = await watched({}, '--json');
    expect([code, out.length]).toEqual([0, 1]);
    expect(JSON.parse(out[0]!)).toEqual({
      ...{
        id: attempt.runId,
        number: expect.any(Number),
        state: 'COMPLETED',
        phase: null,
        step: 1000,
        iterations: 1000,
      },
      ...{
        lastMeanIou: expect.closeTo(0.2, 12),
        bestMeanIou: expect.closeTo(0.2, 12),
        values: { loss: 2, lr: 0.1 },
        alarms: [],
        failure: null,
      },
    });
  });

  it('ends when the run is deleted', async () => {
    attempt = { ...attempt, runId: await server.createRun() };
    const remove = () => server.ask('mutation ($id: ID!) { deleteRun(id: $id) }', { id: attempt.runId });
    const { code, err } = await watched({ '0/1000': remove });
    expect({ code, err }).toEqual({ code: 2, err: [expect.stringMatching(/^error: run #\d+ was deleted$/)] });
  });

  it('waits for a server that is unavailable, and continues', async () => {
    const port = Number(new URL(server.url).port);
    const { code, err } = await watched({
      '0/1000': async () => {
        await server.stop();
        await server.start({ port });
        await runner.complete(attempt);
      },
    });
    expect(code).toBe(0);
    expect(err).toEqual([
      expect.stringMatching(new RegExp(`^lost the connection to ${server.url} \\(.+\\); waiting for it$`)),
      expect.stringMatching(/^run #\d+ is COMPLETED$/),
    ]);
  });
});

const history = (name: string, values: (number | 'NaN')[]) => ({ name, values, steps: values.map((_, i) => 10 * i) });
const run: WatchedRun = {
  ...{ id: 'a', number: 12, name: 'CPS', state: 'RUNNING', phase: 'TRAINING', step: 250, iterations: 1000 },
  ...{ failure: null, startedAt: new Date(Date.now() - 7_300_000).toISOString() },
  metrics: [
    history('images_per_second', [11, 12.4]),
    history('loss', [3, 2, 1]),
    history('loss_cross/branch1', ['NaN', 1, 0.25]),
    history('lr', [1]),
    history('miou/branch1', [0.1, 0.5]),
  ],
  best: { step: 200, meanIou: 0.5 },
  last: { step: 250, meanIou: 0.45 },
  activeAlarms: [{ id: 'b', step: 200, kind: 'TAKEOVER', network: null, message: 'road has 99 %' }],
};

it('a run is drawn with a bar, its losses and mIoU as curves, and its alarms', () => {
  expect(watchedLines(run).map((line) => line.trimEnd())).toEqual([
    '#12 "CPS": RUNNING (training), started 2 h ago',
    `${'█'.repeat(7)}▌${' '.repeat(22)}  250/1000, 12 images/s`,
    `loss                █▅▁${' '.repeat(37)}  1.000`,
    `loss_cross/branch1  ×█▁${' '.repeat(37)}  0.2500`,
    `miou/branch1        ▁█${' '.repeat(38)}  0.5000`,
    'mIoU 45.0 % at step 250, best 50.0 % at step 200',
    'alarm since step 200: TAKEOVER: road has 99 %',
  ]);
});

it('a run is printed again when another tenth, evaluation or state begins, and an alarm once', () => {
  const lines: string[] = [];
  const show = plainLines((line) => lines.push(line));
  for (const change of [{}, { step: 299 }, { step: 300 }, { state: 'COMPLETED' as const, phase: null }, {}]) {
    show({ ...run, ...change });
  }
  show({ ...run, best: { step: 300, meanIou: 0.6 }, last: { step: 300, meanIou: 0.6 }, activeAlarms: [] });
  const scores = 'loss 1.000, loss_cross/branch1 0.2500, mIoU 45.0 % at step 250, best 50.0 % at step 200';
  expect(lines).toEqual([
    `#12 RUNNING (training), 250/1000, 12 images/s, ${scores}`,
    'alarm since step 200: TAKEOVER: road has 99 %',
    `#12 RUNNING (training), 300/1000, 12 images/s, ${scores}`,
    `#12 COMPLETED, 250/1000, ${scores}`,
    `#12 RUNNING (training), 250/1000, 12 images/s, ${scores}`,
    expect.stringMatching(/ mIoU 60\.0 % at step 300, best 60\.0 % at step 300$/),
  ]);
});
