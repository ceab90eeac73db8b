import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RunPhase } from '../../schema/generated/runner/graphql.js';
import type { TrainingPhase } from '../tracking/tracker.js';
import { PhaseReports } from './phase-reports.js';

let told: RunPhase[];
let reports: PhaseReports;

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  reports = new PhaseReports({ report: (_, phase) => told.push(phase) });
});
afterEach(() => vi.useRealTimers());

/** The training process does something for so long, and sends signs of life. */
function spend(ms: number, phase: TrainingPhase): void {
  for (let passed = 0; passed < ms; passed += 100) {
    reports.heard({ kind: 'progress', phase, step: 1 });
    vi.advanceTimersByTime(100);
  }
}

test('a run is prepared, trained, evaluated and uploaded, and each phase is reported once', () => {
  reports.tell('PREPARING');
  spend(300, 'setup');
  spend(300, 'step');
  spend(900, 'evaluation');
  spend(300, 'samples');
  spend(300, 'step');
  reports.tell('UPLOADING');
  expect(told).toEqual(['PREPARING', 'TRAINING', 'EVALUATING', 'TRAINING', 'UPLOADING']);
});

test('short evaluations and checkpoints are not reported, however many there are', () => {
  reports.tell('PREPARING');
  for (let i = 0; i < 20; i++) {
    spend(100, 'step');
    spend(200, 'evaluation');
    spend(200, 'samples');
    spend(900, 'checkpoint');
    reports.heard({ kind: 'progress', phase: 'step', step: 2 });
  }
  expect(told).toEqual(['PREPARING', 'TRAINING']);
});

test('nothing is reported after training has stopped during an evaluation', () => {
  spend(300, 'evaluation');
  reports.tell('UPLOADING');
  vi.advanceTimersByTime(5000);
  expect(told).toEqual(['UPLOADING']);
});
