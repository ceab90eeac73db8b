import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FromTraining } from '../tracking/messages.js';
import type { AlarmEndRecord, AlarmRecord, Records, TrainingPhase } from '../tracking/tracker.js';
import { Watchdog } from './watchdog.js';

const STALL = 300;
let alarms: AlarmRecord[];
let ends: AlarmEndRecord[];
let logged: string[];
let killed: string[];
let watchdog: Watchdog;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  [alarms, ends, logged, killed] = [[], [], [], []];
  watchdog = new Watchdog({
    stallSeconds: STALL,
    sink: {
      report<Kind extends 'alarm' | 'alarmEnd' | 'log'>(kind: Kind, record: Records[Kind]) {
        if (kind === 'alarm') alarms.push(record as AlarmRecord);
        if (kind === 'alarmEnd') ends.push(record as AlarmEndRecord);
      },
    },
    log: (message) => logged.push(message),
    kill: (reason) => killed.push(reason),
  });
});
afterEach(() => {
  watchdog.stop();
  vi.useRealTimers();
});

const silence = (seconds: number) => vi.advanceTimersByTime(seconds * 1000);
const enter = (phase: TrainingPhase, step: number) =>
  watchdog.heard({ kind: 'progress', phase, step } satisfies FromTraining);

test('a step that does not end raises an alarm once, and then ends the process', () => {
  for (let step = 0; step < 5; step++) {
    enter('step', step);
    silence(2);
  }
  silence(290);
  expect(alarms).toEqual([]);
  silence(10);
  expect(alarms).toEqual([
    {
      step: 4,
      kind: 'STALLED',
      network: null,
      classIndex: null,
      message:
        'the training process has been silent for 300 s in a step after step 4 (the longest silence there so far was 2.0 s); ' +
        'if it stays silent for another 300 s, it is killed and the run is queued again',
    },
  ]);
  silence(290);
  expect(killed).toEqual([]);
  silence(12);
  expect(alarms).toHaveLength(1);
  expect(ends).toEqual([]);
  expect(killed).toEqual(['it hung: it was silent for 600 s in a step after step 4']);
  silence(10_000);
  expect(killed).toHaveLength(1);
});

test('a process that continues after the alarm ends it, and is not killed', () => {
  enter('step', 1);
  silence(1);
  enter('step', 2);
  silence(400);
  expect(ends).toEqual([]);
  enter('step', 3);
  enter('step', 3);
  expect(alarms).toMatchObject([{ step: 2 }]);
  expect(ends).toEqual([{ step: 3, kind: 'STALLED', network: null, classIndex: null }]);
  expect(logged.at(-1)).toBe('training continues after 400 s of silence');
  silence(500);
  expect(killed).toEqual([]);
});

test('slow steps extend the limit, up to an hour', () => {
  enter('step', 0);
  silence(60);
  enter('step', 1);
  // 20 times 60 s.
  silence(1190);
  expect(alarms).toEqual([]);
  silence(15);
  expect(alarms).toHaveLength(1);
  enter('step', 2);
  silence(12 * STALL - 10);
  expect(alarms).toHaveLength(1);
  silence(15);
  expect(alarms).toHaveLength(2);
});

test.each([
  ['setup', 12],
  ['step', 3],
  ['evaluation', 3],
  ['samples', 3],
  ['checkpoint', 3],
] as const)('the first %s may take longer', (phase, times) => {
  if (phase !== 'setup') enter(phase, 0);
  silence(times * STALL - 5);
  expect(alarms).toEqual([]);
  silence(10);
  expect(alarms).toHaveLength(1);
});

test('time in which the agent itself was suspended does not count', () => {
  enter('step', 1);
  silence(1);
  enter('step', 2);
  const before = performance.now();
  // No timer fires while the machine sleeps, but its clock may continue.
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => before + 24 * 3600 * 1000);
  silence(1);
  clock.mockRestore();
  expect(alarms).toEqual([]);
  expect(killed).toEqual([]);
});
