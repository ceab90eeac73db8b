import { describe, expect, it } from 'vitest';
import { diverging, neverPredicted } from '../testing/example-alarms.js';
import { reportedRun } from '../testing/reported-run.js';
import { testServer } from '../testing/test-server.js';

const server = testServer();
const current = reportedRun(server);
const { dataSource } = server.database;

const evaluation = (step: number) => ({
  step,
  network: 'BRANCH1',
  subset: 'VAL',
  confusion: [4, 0, 0, 0, 4, 0, 0, 0, 4],
});
const rows = (sql: string) => dataSource.query<Record<string, unknown>[]>(sql, [current.attempt.runId]);
const changesOf = async (table: string, key = 'step') => {
  const found = await rows(
    `SELECT ${key}::text AS key, change FROM ${table} WHERE run_id = $1 ORDER BY change, ${key}`,
  );
  return found.map((row) => `${row.key}: ${row.change}`);
};

describe('the changes of a run', () => {
  it('are counted by its reports, and number what is new or replaced', async () => {
    const sha256 = await current.runner.upload(Buffer.from('an image'));
    const sample = (step: number, kind: string) => ({ step, imageId: 'a', width: 2, height: 2, kind, sha256 });
    await current.report({
      step: 10,
      evaluations: [evaluation(10)],
      samples: [sample(10, 'INPUT'), sample(10, 'BRANCH1')],
    });
    await current.report({ step: 20, evaluations: [evaluation(20)], alarms: [diverging, neverPredicted] });
    const { message: _, ...end } = diverging;
    await current.report({
      evaluations: [evaluation(10)],
      alarmEnds: [{ ...end, step: 30 }],
      samples: [sample(20, 'BRANCH1')],
    });
    expect(await changesOf('evaluations')).toEqual(['20: 2', '10: 3']);
    expect(await changesOf('alarms')).toEqual(['40: 2', '20: 3']);
    expect(await changesOf('samples')).toEqual(['10: 1', '20: 3']);
    expect(await changesOf('sample_images', 'image_id')).toEqual(['a: 1']);
    await current.report({ samples: [sample(20, 'GROUND_TRUTH')] });
    expect(await changesOf('sample_images', 'image_id')).toEqual(['a: 4']);
    expect(await rows('SELECT changes FROM runs WHERE id = $1')).toEqual([{ changes: 4 }]);
  });

  it('do not count a report that is sent again', async () => {
    await current.report({ evaluations: [evaluation(10)] });
    await current.runner.report(current.attempt, { sequence: 1, evaluations: [evaluation(10)] });
    expect(await rows('SELECT changes FROM runs WHERE id = $1')).toEqual([{ changes: 1 }]);
  });

  it('number what a resumed run retracts, reopens and ends', async () => {
    const checkpoint = { step: 300, sha256: await current.runner.upload(Buffer.from('change at 300')), bytes: 13 };
    await current.report({ checkpoint, points: [{ series: 'loss', steps: [200, 400], values: [1, 2] }] });
    const stalled = { step: 350, kind: 'STALLED', message: 'silent for 300 s' };
    await current.report({ alarms: [{ ...diverging, step: 400 }, neverPredicted, diverging, stalled] });
    const { message: _, ...end } = neverPredicted;
    await current.report({ alarmEnds: [{ ...end, step: 410 }] });
    const [retracted] = await rows('SELECT id FROM alarms WHERE run_id = $1 AND step = 400');
    await current.runner.finish(current.attempt, 'LOST');
    await current.claim();
    expect(await rows('SELECT change, alarm_id AS id FROM retracted_alarms WHERE run_id = $1')).toEqual([
      { change: 4, ...retracted },
    ]);
    // The earlier one was over when the later one was raised, so it is active again too.
    expect(await changesOf('alarms')).toEqual(['20: 4', '40: 4', '350: 4']);
    const batches =
      'SELECT number, steps::int[] AS steps, cut_after FROM point_batches WHERE run_id = $1 ORDER BY number';
    expect(await rows(batches)).toEqual([
      { number: 1, steps: [200, 400], cut_after: null },
      { number: 2, steps: [], cut_after: 300 },
    ]);
    await current.report({ points: [{ series: 'loss', steps: [400], values: [3] }] });
    const { metrics } = await server.run(current.attempt.runId, 'metrics { steps values }');
    expect(metrics).toEqual([{ steps: [200, 400], values: [1, 3] }]);
  });
});
