import { beforeAll, expect, it } from 'vitest';
import { testServer } from '../../../server/testing/test-server.js';
import { crosscheck, type Outcome } from '../../testing/crosscheck.js';

const server = testServer();
let number = 0;

const run = (...args: string[]): Promise<Outcome> => crosscheck('run', 'clinic', ...args, '--server', server.url);

beforeAll(async () => {
  const runner = await server.registerRunner();
  const id = await server.createRun({ name: 'rare' }, { method: { name: 'unimatch' }, seed: 7 });
  number = (await server.run(id, 'number')).number;
  const attempt = (await runner.claim())!;
  await runner.report(attempt, {
    sequence: 1,
    setup: { engine: 'wasm', device: 'd', splitHash: 's', labelledImages: 10, unlabelledImages: 54, parameters: 9 },
    evaluations: [{ step: 20, network: 'BRANCH1', subset: 'VAL', confusion: [80, 0, 0, 0, 20, 0, 0, 10, 0] }],
    classCounts: [
      { step: 20, labelledPixels: [700, 300, 0], labelledImages: [10, 10, 0], crops: 40, cropsWithClass: [40, 30, 0] },
    ],
  });
});

it('prints what is known of each class, why one is not predicted, and what may help', async () => {
  const { code, out, err } = await run(String(number));
  expect({ code, err }).toEqual({ code: 0, err: [] });
  expect(out).toEqual([
    `#${number} "rare", in %`,
    'class         IoU  recall  images  of labels  in crops  of pseudo-labels  confidence',
    'background  100.0   100.0      10       70.0     100.0                 –           –',
    'disc         66.7   100.0      10       30.0      75.0                 –           –',
    'box           0.0     0.0       0        0.0       0.0                 –           –',
    '',
    'box: never predicted; in none of the 10 labelled images',
    '',
    'What may help',
    '  1  draw the labelled images so that they hold every class: {"split":{"cover":true}}',
    '',
    `To queue a copy of the run with the first: crosscheck run clinic ${number} --queue 1`,
  ]);
  const json = JSON.parse((await run(String(number), '--json')).out.join());
  expect(json).toMatchObject({
    run: number,
    network: 'BRANCH1',
    classes: [{}, {}, { diagnosis: { findings: [{ cause: 'NO_LABELS' }] } }],
  });
});

it('queues a copy of the run with a remedy', async () => {
  const { code, out } = await run(String(number), '--queue', '1', '--json');
  expect(code).toBe(0);
  const { id } = JSON.parse(out.join());
  const { config, parent } = await server.run(id, 'config parent { kind number }');
  expect(config).toMatchObject({ split: { cover: true }, seed: 7, method: { name: 'unimatch' } });
  expect(parent).toEqual({ kind: 'CLONE', number });
});

it('refuses a remedy that does not exist, and a run without an evaluation', async () => {
  const missing = await run(String(number), '--queue', '5');
  expect(missing).toMatchObject({ code: 2, err: [expect.stringContaining('--queue 5')] });
  const id = await server.createRun({ name: 'waits' });
  const { number: waiting } = await server.run(id, 'number');
  expect(await run(String(waiting))).toMatchObject({
    code: 2,
    err: [expect.stringContaining('no evaluation of network 1 on val yet')],
  });
});
