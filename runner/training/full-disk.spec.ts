import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SmallDisk } from '../../processes/small-disk.js';
import { Recorder, tinyConfig, tinyEngine, tinyShapes } from '../testing/tiny.js';
import { train } from './train.js';

describe.skipIf(!SmallDisk.isPossible)('a disk that is too small for a checkpoint', () => {
  test('is blamed on the machine, and leaves no part of a checkpoint', { timeout: 120_000 }, async () => {
    const path = mkdtempSync(join(tmpdir(), 'crosscheck-full-'));
    const disk = SmallDisk.mount(path, '64k');
    const tracker = new Recorder();
    const [engine, dataset] = [await tinyEngine(), await tinyShapes()];
    const config = tinyConfig({ training: { iterations: 2, checkpointEvery: 1 } });
    const end = await train({ config, dataset, engine, tracker, workDirectory: path, resumeFrom: null });
    expect(readdirSync(path)).toEqual([]);
    disk.unmount();
    rmdirSync(path);
    expect(end).toEqual({
      outcome: 'lost',
      reason: 'the disk of the runner is full (ENOSPC in write)',
      disk: true,
    });
    expect(tracker.all('checkpoint')).toEqual([]);
  });
});
