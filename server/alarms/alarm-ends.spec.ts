import { describe, expect, it } from 'vitest';
import { diverging, neverPredicted } from '../testing/example-alarms.js';
import { listen } from '../testing/listener.js';
import { reportedRun } from '../testing/reported-run.js';
import { testServer, USER_TOKEN } from '../testing/test-server.js';

const server = testServer();
const current = reportedRun(server);

/** The end of an alarm like this one. */
const end = (step: number, { message: _, ...alarm }: { step: number; message: string }) => ({ ...alarm, step });

const report = (...alarms: object[]) => current.report({ alarms });
const reportEnds = (...alarmEnds: object[]) => current.report({ alarmEnds });

/** The run's alarms, as `raised-over`, and the steps of those that are active. */
async function lives(id = current.attempt.runId): Promise<{ all: string[]; active: number[] }> {
  const { alarms, activeAlarms } = await server.run(id, 'alarms { step overStep } activeAlarms { step }');
  type Alarm = { step: number; overStep: number | null };
  return {
    all: alarms.map(({ step, overStep }: Alarm) => `${step}-${overStep ?? ''}`),
    active: activeAlarms.map(({ step }: Alarm) => step),
  };
}

describe('alarms', () => {
  it('are active until an end of the same kind, network and class is reported', async () => {
    await report(diverging, neverPredicted, { ...neverPredicted, classIndex: 1 });
    expect(await lives()).toEqual({ all: ['20-', '40-', '40-'], active: [20, 40, 40] });
    const { network: _, ...ofAll } = neverPredicted;
    await reportEnds(end(60, neverPredicted), end(50, ofAll), end(30, neverPredicted));
    expect(await lives()).toEqual({ all: ['20-', '40-', '40-60'], active: [20, 40] });
    await reportEnds(end(80, diverging));
    // It is over already, and nothing of this kind was ever raised.
    await reportEnds(end(90, neverPredicted), { step: 90, kind: 'DROP', network: 'BRANCH2' });
    expect(await lives()).toEqual({ all: ['20-80', '40-', '40-60'], active: [40] });
    await report({ ...neverPredicted, step: 120 });
    expect(await lives()).toEqual({ all: ['20-80', '40-', '40-60', '120-'], active: [40, 120] });
  });

  it('may begin and end several times within a report', async () => {
    const at = (...steps: number[]) => steps.map((step) => ({ ...neverPredicted, step }));
    const ends = [24, 14].map((step) => end(step, neverPredicted));
    await current.report({ alarms: at(10, 20, 30), alarmEnds: ends });
    expect(await lives()).toEqual({ all: ['10-14', '20-24', '30-'], active: [30] });
  });

  it('that are raised again were over by then, if the runner does not report ends', async () => {
    await report(diverging);
    await report({ ...diverging, step: 50 }, { ...diverging, step: 70, network: 'BRANCH1' });
    expect(await lives()).toEqual({ all: ['20-50', '50-', '70-'], active: [50, 70] });
  });

  it('are over for the subscribers of their run', async () => {
    await report(diverging);
    const watched = await listen(
      server,
      'subscription ($id: ID!) { runChanged(runId: $id) { activeAlarms { kind } alarms { overStep } } }',
      { id: current.attempt.runId },
      USER_TOKEN,
    );
    await reportEnds(end(40, diverging));
    await watched.until(() => watched.received.at(-1)?.runChanged.activeAlarms.length === 0);
    expect(watched.received.at(-1).runChanged.alarms).toEqual([{ overStep: 40 }]);
    await watched.stop();
  });

  it('that were over after the checkpoint that their run resumes from are active again', async () => {
    const checkpoint = { step: 300, sha256: await current.runner.upload(Buffer.from('again at 300')), bytes: 12 };
    await current.report({ checkpoint });
    const other = { ...neverPredicted, classIndex: 1 };
    await report({ ...diverging, step: 100 }, neverPredicted, other);
    await reportEnds(end(250, neverPredicted), end(350, other), end(300, diverging));
    await report({ ...neverPredicted, step: 320 }, { ...diverging, step: 340 });
    await reportEnds(end(360, neverPredicted));
    expect((await lives()).all).toEqual(['40-350', '40-250', '100-300', '320-360', '340-']);
    await current.runner.finish(current.attempt, 'LOST');
    await current.claim();
    expect(await lives()).toEqual({ all: ['40-', '40-250', '100-300'], active: [40] });
    await reportEnds(end(380, other));
    expect((await lives()).all).toEqual(['40-380', '40-250', '100-300']);
  });

  it('about a process that hung are over when it continues, or when its run is claimed again', async () => {
    const stalled = (step: number) => ({ step, kind: 'STALLED', message: 'silent for 300 s' });
    await report(stalled(4));
    await reportEnds({ step: 4, kind: 'STALLED' });
    expect(await lives()).toEqual({ all: ['4-4'], active: [] });
    // The same step hangs again.
    await report(stalled(4), stalled(9));
    expect(await lives()).toEqual({ all: ['4-', '9-'], active: [4, 9] });
    await current.runner.finish(current.attempt, 'LOST');
    expect((await lives()).active).toEqual([4, 9]);
    await current.claim();
    expect(await lives()).toEqual({ all: ['4-4', '9-9'], active: [] });
  });

  it.each([
    ['a class that the dataset lacks', { classIndex: 3 }, 'classIndex: must be between 0 and 2'],
    ['a negative step', { step: -1 }, "alarmEnds.1.step: must be between 0 and the run's 1000 iterations; got -1"],
    ['the kind DATA', { kind: 'DATA' }, 'DATA alarms last as long as their run'],
  ])('are not ended by ends with %s', async (_, change, message) => {
    await report(neverPredicted);
    const alarmEnds = [end(60, neverPredicted), { ...end(60, neverPredicted), ...change }];
    await expect(current.report({ alarmEnds })).rejects.toThrow(message);
    expect((await lives()).active).toEqual([40]);
  });
});
