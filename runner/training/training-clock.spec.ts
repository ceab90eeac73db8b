import { mkdtemp, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tinyEngine, tinyRun, tinyShapes } from '../testing/tiny.js';
import { TrainingClock } from './training-clock.js';

test('a run stops at training.maxHours with a checkpoint, and continues from it with a larger limit', {
  timeout: 120_000,
}, async () => {
  const engine = await tinyEngine();
  const on = await tinyShapes();
  const undisturbed = await tinyRun({}, { on, engine });
  const phases = Array.from({ length: 6 }, (_, step) => `step ${step}`);
  // So the agent can tell a long evaluation from a hang.
  expect(undisturbed.tracker.phases).toEqual([...phases, 'checkpoint 6', 'evaluation 6', 'samples 6']);
  // Over before the second step.
  const training = { iterations: 6, maxHours: 1e-9 };
  const { end, tracker } = await tinyRun({ training }, { on, engine });
  expect(end).toMatchObject({
    outcome: 'failed',
    reason: expect.stringMatching(
      /^training has taken \S+ h, and its limit is 1e-9 h \(training.maxHours\); it stopped at step 0 of 6, with a checkpoint; .*--max-hours/,
    ),
  });
  const [checkpoint] = tracker.all('checkpoint');
  expect(checkpoint!.step).toBe(0);

  const file = join(await mkdtemp(join(tmpdir(), 'crosscheck-clock-')), 'resume');
  await rename(checkpoint!.file, file);
  const same = await tinyRun({ training }, { on, engine, resumeFrom: file });
  expect(same.end).toMatchObject({ outcome: 'failed' });
  const larger = { iterations: 6, maxHours: 100 };
  const resumed = await tinyRun({ training: larger }, { on, engine, resumeFrom: file });
  expect(resumed.end).toEqual({ outcome: 'completed' });
  expect(resumed.tracker.numbers()).toEqual(undisturbed.tracker.numbers());
});

test('what earlier attempts have trained counts, and a run without a limit does not count', () => {
  const clock = new TrainingClock(2, 7199.99);
  expect(clock.isOver).toBe(false);
  expect(clock.save().trainedSeconds).toBeGreaterThanOrEqual(7199.99);
  expect(new TrainingClock(2, 7200).isOver).toBe(true);
  expect(new TrainingClock(null, 1e9).isOver).toBe(false);
  expect(new TrainingClock(null, 5).save()).toEqual({});
});
