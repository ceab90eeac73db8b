import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { datasetInput } from '../testing/results-fixtures.js';
import { type Claimed, type TestRunner, testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer();
let runner: TestRunner;
let other: TestRunner;

const points = (...steps: number[]) => [{ series: 'loss', steps, values: steps.map((step) => step / 10) }];
const lossOf = async (runId: string): Promise<number[]> =>
  (await server.run(runId, 'metrics(names: ["loss"]) { steps }')).metrics[0]?.steps ?? [];
/** The end of a run: its last step, and an evaluation on each subset. */
const wholeRun = (subsets = ['VAL', 'TEST'], step = 1000, network = 'BRANCH1') => ({
  step,
  evaluations: subsets.map((subset) => ({ step, network, subset, confusion: new Array(9).fill(1) })),
});
const change = (mutation: string, id: string) =>
  server.ask(`mutation ($id: ID!) { ${mutation}(id: $id) { state } }`, { id }, USER_TOKEN);

async function claimed(): Promise<Claimed> {
  const id = await server.createRun();
  const claim = await runner.claim();
  expect(claim?.runId).toBe(id);
  return claim!;
}

beforeAll(async () => {
  runner = await server.registerRunner({ slots: 50 });
  other = await server.registerRunner({ name: 'gpu-2' });
});

// A failing test must not leave runs behind, because the next one would claim them.
beforeEach(async () => {
  await server.database.dataSource.query(`UPDATE attempts SET state = 'LOST' WHERE state = 'ACTIVE'`);
  await server.database.dataSource.query(`UPDATE runs SET state = 'CANCELED' WHERE state IN ('QUEUED', 'RUNNING')`);
});

describe('a report', () => {
  it('is stored once, no matter how often it is sent', async () => {
    const attempt = await claimed();
    const setup = {
      engine: 'wasm',
      device: 'd',
      splitHash: 'h',
      labelledImages: 1,
      unlabelledImages: 2,
      parameters: 3,
    };
    const report = { sequence: 1, step: 2, setup, points: points(1, 2), log: [] };
    expect(await runner.report(attempt, report)).toEqual({ acknowledged: 1, directive: 'CONTINUE' });
    expect(await runner.report(attempt, { ...report, step: 900 })).toEqual({ acknowledged: 1, directive: 'CONTINUE' });
    expect(await server.run(attempt.runId, 'state step splitHash setup { engine parameters } runner { name }')).toEqual(
      {
        state: 'RUNNING',
        step: 2,
        splitHash: 'h',
        setup: { engine: 'wasm', parameters: 3 },
        runner: { name: 'gpu-1' },
      },
    );
    expect(await lossOf(attempt.runId)).toEqual([1, 2]);
  });

  it('says what the loss does with each class; no weight may be negative', async () => {
    const attempt = await claimed();
    const setup = { engine: 'e', device: 'd', splitHash: 'h', labelledImages: 1, unlabelledImages: 2, parameters: 3 };
    const wrong = { ...setup, classWeights: [1, -0.5, 2] };
    await expect(runner.report(attempt, { sequence: 1, setup: wrong })).rejects.toThrow(
      'classWeights.1: must be at least 0; got -0.5',
    );
    await runner.report(attempt, { sequence: 1, setup: { ...setup, logitOffsets: [-0.1, -3, -0.1] } });
    const { setup: stored } = await server.run(attempt.runId, 'setup { classWeights logitOffsets }');
    expect(stored).toEqual({ classWeights: null, logitOffsets: [-0.1, -3, -0.1] });
  });

  it('has the parameters of the second network only if it differs from the first', async () => {
    const setup = {
      engine: 'wasm',
      device: 'd',
      splitHash: 'h',
      labelledImages: 1,
      unlabelledImages: 2,
      parameters: 3,
    };
    const stored = async (more: object) => {
      const attempt = await claimed();
      await runner.report(attempt, { sequence: 1, setup: { ...setup, ...more } });
      return (await server.run(attempt.runId, 'setup { parameters secondParameters }')).setup;
    };
    expect(await stored({})).toEqual({ parameters: 3, secondParameters: null });
    expect(await stored({ secondParameters: 40_476_000 })).toEqual({ parameters: 3, secondParameters: 40_476_000 });
    await expect(stored({ secondParameters: -1 })).rejects.toThrow('secondParameters');
  });

  it('is stored once if it is sent several times at once', async () => {
    const attempt = await claimed();
    const log = [{ at: new Date().toISOString(), level: 'INFO', message: 'once' }];
    const answers = await Promise.all([1, 2, 3].map(() => runner.report(attempt, { sequence: 1, log })));
    expect(answers.map(({ acknowledged }) => acknowledged)).toEqual([1, 1, 1]);
    expect((await server.run(attempt.runId, 'log { message }')).log).toHaveLength(1);
  });

  it('that skips a number is rejected and changes nothing', async () => {
    const attempt = await claimed();
    await expect(runner.report(attempt, { sequence: 2, points: points(1) })).rejects.toThrow('sequence: must be 1');
    expect(await lossOf(attempt.runId)).toEqual([]);
    expect((await runner.report(attempt, { sequence: 1, points: points(1) })).acknowledged).toBe(1);
  });

  it('with one invalid part is not stored at all', async () => {
    const attempt = await claimed();
    const bad = {
      sequence: 1,
      step: 5,
      points: points(1),
      evaluations: [{ step: 1, network: 'BRANCH1', subset: 'VAL', confusion: [1, 2] }],
    };
    await expect(runner.report(attempt, bad)).rejects.toThrow('BAD_USER_INPUT');
    await expect(runner.report(attempt, { sequence: 1, step: 1001 })).rejects.toThrow('between 0 and');
    expect(await lossOf(attempt.runId)).toEqual([]);
    expect(await server.run(attempt.runId, 'step')).toEqual({ step: 0 });
  });

  it('of another runner, or of an attempt that does not exist, is FORBIDDEN and changes nothing', async () => {
    const attempt = await claimed();
    await expect(other.report(attempt, { sequence: 1, points: points(1) })).rejects.toThrow('FORBIDDEN');
    const nowhere = { ...attempt, attemptId: '00000000-0000-4000-8000-000000000000' };
    await expect(runner.report(nowhere, { sequence: 1 })).rejects.toThrow('FORBIDDEN');
    await expect(runner.report({ ...attempt, attemptId: 'x' }, { sequence: 1 })).rejects.toThrow('FORBIDDEN');
    await expect(other.finish(attempt, 'SUCCEEDED')).rejects.toThrow('FORBIDDEN');
    await expect(other.heartbeat(attempt)).rejects.toThrow('FORBIDDEN');
    expect(await server.run(attempt.runId)).toMatchObject({ state: 'RUNNING' });
    expect(await lossOf(attempt.runId)).toEqual([]);
  });

  it('of an attempt that has ended gets LEASE_LOST and changes nothing', async () => {
    const attempt = await claimed();
    await runner.report(attempt, { sequence: 1, points: points(1) });
    await runner.finish(attempt, 'RELEASED');
    const next = (await runner.claim())!;
    expect(next).toMatchObject({ runId: attempt.runId, fence: attempt.fence + 1 });
    // There is no checkpoint, so the run begins again.
    expect(await lossOf(attempt.runId)).toEqual([]);
    await runner.report(next, { sequence: 1, points: points(3) });
    const late = await runner.report(attempt, { sequence: 2, step: 9, points: points(2) });
    expect(late).toEqual({ acknowledged: 1, directive: 'LEASE_LOST' });
    expect(await runner.heartbeat(attempt, next)).toEqual(['LEASE_LOST', 'CONTINUE']);
    expect(await lossOf(attempt.runId)).toEqual([3]);
    expect(await runner.report({ ...next, fence: attempt.fence }, { sequence: 1 })).toMatchObject({
      directive: 'LEASE_LOST',
    });
  });
});

describe('the steps of a report', () => {
  const evaluation = { network: 'BRANCH1', subset: 'VAL', confusion: new Array(9).fill(1) };
  const counts = { network: 'BRANCH1', labelledPixels: [1, 1, 1], pseudoPixels: [1, 1, 1], undecidedPixels: 0 };
  const sample = { imageId: 'a', width: 1, height: 1, kind: 'INPUT', sha256: 'a'.repeat(64) };

  it.each<[string, (step: number) => Record<string, unknown>]>([
    ['step', (step) => ({ step })],
    ['points.0.step', (step) => ({ points: points(1, step) })],
    ['evaluations.1.step', (step) => ({ evaluations: [1, step].map((each) => ({ ...evaluation, step: each })) })],
    ['pseudoLabels.0.step', (step) => ({ pseudoLabels: [{ ...counts, step }] })],
    ['alarms.0.step', (step) => ({ alarms: [{ kind: 'DROP', message: 'm', step }] })],
    ['samples.0.step', (step) => ({ samples: [{ ...sample, step }] })],
    ['checkpoint.step', (step) => ({ checkpoint: { sha256: 'a'.repeat(64), bytes: 1, step } })],
  ])('must be within the run: %s', async (field, report) => {
    const attempt = await claimed();
    for (const step of [-1, 1001, 2 ** 31 - 1]) {
      await expect(runner.report(attempt, { sequence: 1, ...report(step) })).rejects.toThrow(
        `BAD_USER_INPUT: the report is not valid: ${field}: must be between 0 and the run's 1000 iterations; got ${step}`,
      );
    }
    expect(await server.run(attempt.runId, 'step series { name }')).toEqual({ step: 0, series: [] });
  });

  it('may be 0 and the last one', async () => {
    const attempt = await claimed();
    await runner.report(attempt, { sequence: 1, points: points(0, 1000) });
    expect(await lossOf(attempt.runId)).toEqual([0, 1000]);
  });
});

describe('the end of an attempt', () => {
  it.each([
    ['SUCCEEDED', 'COMPLETED'],
    ['FAILED', 'FAILED'],
    ['LOST', 'QUEUED'],
    ['RELEASED', 'QUEUED'],
    ['CANCELED', 'CANCELED'],
  ])('%s makes the run %s, and sending it again changes nothing', async (outcome, state) => {
    const attempt = await claimed();
    if (outcome === 'SUCCEEDED') await runner.report(attempt, { sequence: 1, ...wholeRun() });
    expect(await runner.finish(attempt, outcome, 'the reason')).toBe(state);
    expect(await runner.finish(attempt, outcome, 'again')).toBe(state);
    expect(await runner.finish(attempt, 'SUCCEEDED')).toBe(state);
    const run = await server.run(attempt.runId, 'failure finishedAt attempts { state message }');
    expect(run.failure).toBe(outcome === 'FAILED' ? 'the reason' : null);
    expect(run.finishedAt === null).toBe(state === 'QUEUED');
    expect(run.attempts).toEqual([{ state: outcome, message: 'the reason' }]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['without any step', {}, 'the newest reported step is 0 of 1000'],
    ['before the last step', { step: 999 }, 'the newest reported step is 999 of 1000'],
    [
      'without evaluations',
      { step: 1000 },
      'BRANCH1 has no evaluation on VAL and TEST of dataset "shapes" at step 1000',
    ],
    ['without one on TEST', wholeRun(['VAL']), 'BRANCH1 has no evaluation on TEST of dataset "shapes" at step 1000'],
    [
      'with earlier evaluations',
      { ...wholeRun(['VAL', 'TEST'], 999), step: 1000 },
      'BRANCH1 has no evaluation on VAL and TEST of dataset "shapes" at step 1000',
    ],
    [
      'with evaluations of another network',
      wholeRun(['VAL', 'TEST'], 1000, 'BRANCH2'),
      'BRANCH1 has no evaluation on VAL and TEST of dataset "shapes" at step 1000',
    ],
  ])('SUCCEEDED %s makes the run FAILED and says what is missing', async (_, report, missing) => {
    const attempt = await claimed();
    await runner.report(attempt, { sequence: 1, ...report });
    expect(await runner.finish(attempt, 'SUCCEEDED')).toBe('FAILED');
    const failure = `the runner reported that training has completed, but ${missing}`;
    const { attempts, ...run } = await server.run(attempt.runId, 'state failure attempts { state message }');
    expect(run).toEqual({ state: 'FAILED', failure });
    expect(attempts).toEqual([{ state: 'FAILED', message: failure }]);
  });

  it('SUCCEEDED counts what an earlier attempt at the run reported', async () => {
    const attempt = await claimed();
    await runner.report(attempt, { sequence: 1, ...wholeRun(['VAL']) });
    await runner.finish(attempt, 'RELEASED');
    const next = (await runner.claim())!;
    const { evaluations } = wholeRun(['TEST']);
    await runner.report(next, { sequence: 1, evaluations });
    expect(await runner.finish(next, 'SUCCEEDED')).toBe('COMPLETED');
  });

  it.each([
    ['a test subset', { valImages: 5, testImages: 0 }, ['VAL']],
    ['a validation subset', { valImages: 0, testImages: 5 }, ['TEST']],
    ['any evaluated subset', { valImages: 0, testImages: 0 }, []],
  ])('SUCCEEDED needs no evaluation on a subset that the dataset lacks: without %s', async (_, images, subsets) => {
    const name = `without ${subsets}`;
    const dataset = datasetInput({ name, fingerprint: name, ...images });
    const trainer = await server.registerRunner({ name, datasets: [dataset] });
    await server.createRun({}, { dataset: name });
    const attempt = (await trainer.claim())!;
    await trainer.report(attempt, { sequence: 1, ...wholeRun(subsets) });
    expect(await trainer.finish(attempt, 'SUCCEEDED')).toBe('COMPLETED');
  });

  it('keeps a reason that contains what Postgres cannot store', async () => {
    const attempt = await claimed();
    expect(await runner.finish(attempt, 'FAILED', 'NUL \0, half \uD800, whole 😀')).toBe('FAILED');
    expect((await server.run(attempt.runId)).failure).toBe('NUL \uFFFD, half \uFFFD, whole 😀');
  });

  it('LOST fails the run after a number of times, with the reason, and a retry resets the count', async () => {
    const id = await server.createRun();
    for (let i = 1; i <= 9; i++) expect(await runner.finish((await runner.claim())!, 'LOST')).toBe('QUEUED');
    expect(await runner.finish((await runner.claim())!, 'LOST', 'no power')).toBe('FAILED');
    expect((await server.run(id)).failure).toBe(
      '10 attempts in a row were lost without a new checkpoint; the last one ended with: no power',
    );
    await change('retryRun', id);
    expect(await runner.finish((await runner.claim())!, 'LOST')).toBe('QUEUED');
  });
});
