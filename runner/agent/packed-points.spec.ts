import { expect, test } from 'vitest';
import { PACKED_POINTS_PROTOCOL } from '../../schema/protocol-version.js';
import { sealFor } from './packed-points.js';
import { unpacked } from './testing/unpacked.js';

const attempt = { attemptId: 'a', fence: 1, sequence: 1 };
const points = [
  { series: 'loss', steps: [1, 2, 2_147_483_647], values: [0.1, 'NaN' as const, 5e-324], times: [1, 2.5, 3] },
  { series: 'lr', steps: [1], values: ['-Infinity' as const], times: [1.7e12] },
];

test('a closed report has its points in texts, and no number is lost', () => {
  const content = { step: 2, points };
  const sealed = sealFor(PACKED_POINTS_PROTOCOL)(content);
  expect(sealed).not.toHaveProperty('points');
  expect(sealed).toMatchObject({ step: 2, packedPoints: { series: ['loss', 'lr'], counts: [3, 1] } });
  // As `np.array([1, 2, 2**31 - 1, 1], '<i4').tobytes()` in Base64.
  expect(sealed.packedPoints!.steps).toBe('AQAAAAIAAAD///9/AQAAAA==');
  expect(unpacked({ ...attempt, ...sealed })).toEqual({ ...attempt, ...content });
});

test('points without times have none', () => {
  const content = { points: [{ series: 'loss', steps: [1], values: [0.5] }] };
  const sealed = sealFor(PACKED_POINTS_PROTOCOL)(content);
  expect(sealed.packedPoints).not.toHaveProperty('times');
  expect(unpacked({ ...attempt, ...sealed })).toEqual({ ...attempt, ...content });
});

test('a report without points, and one for an older server, stay as they are', () => {
  const log = { log: [] };
  expect(sealFor(PACKED_POINTS_PROTOCOL)(log)).toEqual(log);
  expect(sealFor(PACKED_POINTS_PROTOCOL - 1)({ points })).toEqual({ points });
});
