import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../processes/free-port.js';
import { CAMVID, hasShared } from '../runner/data/testing/shared-data.js';
import { startCrosscheck } from './support/crosscheck.js';

/**
 * Demos and studies of other tests may start at the same time, so each has its own port. demo-interrupted.spec.ts trains the demo
 * on the built-in dataset.
 */
const port = async () => ['--port', String(await freePort())];

describe.skipIf(!hasShared(CAMVID))('on a folder of road scenes', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'road-scenes-'));
    copyFileSync(join(CAMVID, 'classes.json'), join(folder, 'classes.json'));
    for (const [subset, images] of Object.entries({ train: 8, val: 1, test: 1 })) {
      for (const kind of ['images', 'labels']) {
        mkdirSync(join(folder, subset, kind), { recursive: true });
        const files = readdirSync(join(CAMVID, subset, kind))
          .sort()
          .slice(0, images);
        for (const file of files) copyFileSync(join(CAMVID, subset, kind, file), join(folder, subset, kind, file));
      }
    }
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('the demo trains its three runs, prints their table and exits with 0', async () => {
    const demo = startCrosscheck(['demo', '--exit', '--iterations', '1', '--data', folder, ...(await port())]);
    expect(await demo.ended(), demo.output).toBe(0);
    expect(demo.output).toMatch(/IoU on test, %\s+Supervised\s+CPS\s+CPS \+ CutMix/);
    expect(demo.output).toMatch(/^sky(\s+\d+\.\d){3}/m);
  });

  test('the study compares four methods over several seeds, and has nothing left to do when it is started again', async () => {
    const home = mkdtempSync(join(tmpdir(), 'study-'));
    try {
      const options = ['--iterations', '1', '--seeds', '2', '--labelled', '4', '--data', folder, '--home', home];
      const report = join(home, 'report.md');
      for (const beginning of ['Training Four', 'Resuming Four']) {
        const study = startCrosscheck(['study', ...options, '--report', report, ...(await port())]);
        expect(await study.ended(), study.output).toBe(0);
        expect(study.output).toContain(beginning);
        expect(study.output).toMatch(/IoU on test, %\s+Supervised\s+Mean Teacher\s+CPS\s+CPS \+ CutMix/);
        expect(study.output).toMatch(/^mIoU(\s+\d+\.\d ± \d+\.\d){4}$/m);
        expect(readFileSync(report, 'utf8')).toMatch(/^\| CPS \+ CutMix \| 1 \| 1 \|( \d+\.\d\d \|){3}/m);
        expect(study.output).toMatch(/^sky(\s+\d+\.\d ± \d+\.\d){4}$/m);
      }
      const other = startCrosscheck(['study', ...options, '--labelled', '5', ...(await port())]);
      expect(await other.ended(), other.output).toBe(2);
      expect(other.output).toContain(
        'started in this home with --labelled 4 --seeds 2 --iterations 1, not --labelled 5 --seeds 2 --iterations 1',
      );
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
});
