import { expect, test } from 'vitest';
import { ReportDraft } from './report-draft.js';

test('points become one column a series, and the step is the newest', () => {
  const draft = new ReportDraft();
  draft.points(5, { loss: 0.5, lr: 0.1 });
  draft.points(10, { loss: 0.25 });
  expect(draft.take()).toEqual({
    step: 10,
    points: [
      { series: 'loss', steps: [5, 10], values: [0.5, 0.25] },
      { series: 'lr', steps: [5], values: [0.1] },
    ],
  });
});

test('a diverged loss travels as what it is', () => {
  const draft = new ReportDraft();
  draft.points(1, { a: Number.NaN, b: Number.POSITIVE_INFINITY, c: Number.NEGATIVE_INFINITY });
  const values = draft.take().points as { values: unknown[] }[];
  expect(values.map((column) => column.values[0])).toEqual(['NaN', 'Infinity', '-Infinity']);
});

test('it is empty until something is added and after it was taken', () => {
  const draft = new ReportDraft();
  expect(draft.isEmpty).toBe(true);
  draft.log({ at: '2026-01-01T00:00:00.000Z', level: 'INFO', message: '' });
  expect(draft.isEmpty).toBe(false);
  draft.take();
  expect(draft.isEmpty).toBe(true);
  expect(draft.take()).toEqual({});
});

test('a newer checkpoint replaces the one that has not left yet', () => {
  const draft = new ReportDraft();
  const older = { step: 1, sha256: 'a', bytes: 1 };
  const newer = { step: 2, sha256: 'b', bytes: 1 };
  expect(draft.checkpoint(older)).toBeNull();
  expect(draft.checkpoint(newer)).toEqual(older);
  expect(draft.take().checkpoint).toEqual(newer);
});

test('pseudo-labels and alarms travel in their order, and their size counts', () => {
  const draft = new ReportDraft();
  const labels = {
    step: 5,
    network: 'BRANCH1' as const,
    labelledPixels: [1, 2],
    pseudoPixels: [3, 4],
    undecidedPixels: 0,
    confusion: [3, 0, 0, 4],
  };
  const alarm = { step: 5, kind: 'DROP' as const, network: 'BRANCH1' as const, classIndex: null, message: 'fell' };
  draft.pseudoLabels(labels);
  draft.pseudoLabels({ ...labels, network: 'BRANCH2', confusion: null });
  draft.alarm(alarm);
  expect(draft.size).toBeGreaterThan(200);
  expect(draft.take()).toEqual({
    pseudoLabels: [labels, { ...labels, network: 'BRANCH2', confusion: null }],
    alarms: [alarm],
  });
});
