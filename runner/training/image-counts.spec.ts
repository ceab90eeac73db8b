import { expect, test } from 'vitest';
import { MOST_IMAGES, MOST_IMAGES_BYTES } from '../../schema/report-limits.js';
import { Recorder } from '../testing/tiny.js';
import { reportableImages } from './image-counts.js';

const images = (count: number, bytes: number) => ({
  ids: Array.from({ length: count }, (_, index) => `image ${index}`),
  counts: new Uint8Array(bytes),
});

test('images are reported as long as a report has room for them, and the log says once why others are not', () => {
  const tracker = new Recorder();
  const reportable = reportableImages(tracker);
  const most = images(MOST_IMAGES, 1_000_000);
  expect(reportable(most)).toBe(most);
  expect(tracker.lines).toEqual([]);
  expect(reportable(images(MOST_IMAGES + 1, 1000))).toBeNull();
  expect(reportable(images(1, (3 / 4) * MOST_IMAGES_BYTES))).toBeNull();
  expect(tracker.lines).toEqual([
    'WARN evaluations are reported without the confusion of each image: there are 10001 images, and a report has room for 10000',
  ]);
  const other = new Recorder();
  expect(reportableImages(other)(images(1, 1_800_000))).toBeNull();
  expect(other.lines[0]).toMatch(/each image: it takes 2\.4 MB, and a report has room for 2\.1 MB$/);
});
