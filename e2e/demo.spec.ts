import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CAMVID, hasShared } from '../runner/data/testing/shared-data.js';
import { Program } from './support/program.js';

test('the demo trains its three runs, prints their table and ends with 0, whatever the shell is set up for', async () => {
  const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', AUTH: 'on' };
  const demo = new Program('demo/main.js', ['--exit', '--iterations', '4'], env);
  expect(await demo.ended(), demo.output).toBe(0);
  expect(demo.output).toMatch(/IoU on test, %\s+Supervised\s+CPS\s+CPS \+ CutMix/);
  for (const row of ['mIoU', 'background', 'star'])
    expect(demo.output).toMatch(new RegExp(`^${row}(\\s+\\d+\\.\\d){3}`, 'm'));
});

test.skipIf(!hasShared(CAMVID))('the demo does the same on a folder of road scenes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'road-scenes-'));
  try {
    copyFileSync(join(CAMVID, 'classes.json'), join(folder, 'classes.json'));
    for (const [subset, images] of Object.entries({ train: 32, val: 4, test: 4 })) {
      for (const kind of ['images', 'labels']) {
        mkdirSync(join(folder, subset, kind), { recursive: true });
        for (const file of readdirSync(join(CAMVID, subset, kind))
          .sort()
          .slice(0, images)) {
          copyFileSync(join(CAMVID, subset, kind, file), join(folder, subset, kind, file));
        }
      }
    }
    const demo = new Program('demo/main.js', ['--exit', '--iterations', '4', '--data', folder]);
    expect(await demo.ended(), demo.output).toBe(0);
    expect(demo.output).toMatch(/IoU on test, %\s+Supervised\s+CPS\s+CPS \+ CutMix/);
    expect(demo.output).toMatch(/^sky(\s+\d+\.\d){3}/m);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
