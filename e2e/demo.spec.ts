import { expect, test } from 'vitest';
import { Program } from './support/program.js';

test('the demo trains its three runs, prints their table and ends with 0, whatever the shell is set up for', async () => {
  const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', AUTH: 'on' };
  const demo = new Program('demo/main.js', ['--exit', '--iterations', '4'], env);
  expect(await demo.ended(), demo.output).toBe(0);
  expect(demo.output).toMatch(/IoU on test, %\s+Supervised\s+CPS\s+CPS \+ CutMix/);
  for (const row of ['mIoU', 'background', 'star'])
    expect(demo.output).toMatch(new RegExp(`^${row}(\\s+\\d+\\.\\d){3}`, 'm'));
});
