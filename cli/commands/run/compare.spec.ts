import { beforeAll, describe, expect, it } from 'vitest';
import { type TestRunner, testServer } from '../../../server/testing/test-server.js';
import { crosscheck, type Outcome } from '../../testing/crosscheck.js';

const server = testServer();
let runner: TestRunner;
/** Numbers by name. */
const numbers: Record<string, number> = {};

async function evaluated(name: string, config: object, evaluations: [step: number, confusion: number[]][]) {
  const id = await server.createRun({ name }, { ...config });
  numbers[name] = (await server.run(id, 'number')).number;
  const attempt = (await runner.claim())!;
  const all = ['BRANCH1', 'ENSEMBLE'].flatMap((network) =>
    evaluations.map(([step, confusion]) => ({ step, network, subset: 'VAL', confusion })),
  );
  const setup = { engine: 'wasm', splitHash: 's', labelledImages: 8, unlabelledImages: 56, parameters: 1000 };
  await runner.report(attempt, { sequence: 1, step: 300, setup: { ...setup, device: name }, evaluations: all });
}

beforeAll(async () => {
  runner = await server.registerRunner({ slots: 4 });
  await server.setSlotLimit(runner, 4);
  await evaluated('base', {}, [
    [200, [80, 20, 0, 0, 90, 10, 0, 0, 0]],
    [300, [50, 50, 0, 0, 100, 0, 0, 0, 0]],
  ]);
  await evaluated('other', { seed: 1, method: { name: 'supervised' } }, [[300, [60, 40, 0, 80, 20, 0, 0, 0, 0]]]);
  await evaluated('new', {}, []);
});

const run = (...args: string[]): Promise<Outcome> => crosscheck('run', ...args, '--server', server.url);
const number = (name: string) => String(numbers[name]);

describe('run classes', () => {
  it('prints a bar for each class, highest IoU first, and what is confused most', async () => {
    const { code, out, err } = await run('classes', number('base'));
    expect({ code, err }).toEqual({ code: 0, err: [] });
    expect(out).toEqual([
      `#${number('base')} "base": network 1 on val, step 300, in %`,
      'mIoU 58.3',
      '',
      'class        IoU                        precision  recall',
      'disc        66.7  █████████████▍             66.7   100.0',
      'background  50.0  ██████████                100.0    50.0',
      'box            –                                –       –',
      '',
      'Most confused',
      'class       predicted as  of the class  pixels',
      'background  disc                50.0 %      50',
    ]);
  });

  it('prints one JSON object, at any step, of any network', async () => {
    const { out } = await run('classes', number('base'), '--step', '200', '--network', 'both', '--json');
    expect(JSON.parse(out.join())).toMatchObject({
      ...{ run: numbers.base, step: 200, network: 'ENSEMBLE', subset: 'VAL' },
      classes: [
        { name: 'background', iou: 0.8, precision: 1, recall: 0.8 },
        { name: 'disc', iou: 0.75, precision: 90 / 110, recall: 0.9 },
        { name: 'box', iou: 0, precision: 0, recall: null },
      ],
      mostConfused: [{ truth: 'background', prediction: 'disc', pixels: 20, share: 0.2 }, { pixels: 10 }],
    });
    const best = await run('classes', number('base'), '--best', '--json');
    expect(JSON.parse(best.out.join()).step).toBe(300);
  });

  it.each([
    [['new'], /^error: run \d+ has no evaluation of network 1 on val$/],
    [['base', '--step', '7'], /^error: run \d+ has no evaluation of network 1 on val at step 7$/],
    [['base', '--subset', 'test'], /^error: run \d+ has no evaluation of network 1 on test$/],
    [['base', '--step', '7', '--best'], /^error: --step and --best: give one of the two$/],
    [['base', '--network', '3'], /Allowed choices are 1, 2, both\.$/],
  ])('refuses %j', async ([name, ...options], message) => {
    const { code, out, err } = await run('classes', number(name!), ...options);
    expect({ code, out }).toEqual({ code: 2, out: [] });
    expect(err).toEqual([expect.stringMatching(message)]);
  });
});

describe('run diff', () => {
  it('prints settings, what the runners found, scores and classes, the largest loss first', async () => {
    const { code, out, err } = await run('diff', number('base'), number('other'));
    expect({ code, err }).toEqual({ code: 0, err: [] });
    const text = out.join('\n');
    const [a, b] = [number('base'), number('other')];
    expect(out[0]).toBe(`#${a} "base", step 300`);
    expect(text).toMatch(new RegExp(`^setting \\(\\d+ are equal\\) +#${a} +#${b}$`, 'm'));
    expect(text).toMatch(/^method\.name +cps +supervised$/m);
    expect(text).toMatch(/^method\.on +both +–$/m);
    expect(text).toMatch(/^seed +0 +1$/m);
    expect(text).not.toMatch(/^optimiser/m);
    expect(text).toMatch(new RegExp(`^found by the runner +#${a} +#${b}\ndevice +base +other$`, 'm'));
    expect(out).toContain('Scores of network 1 on val, in %');
    expect(text).toMatch(new RegExp(`^score +#${a} +#${b} +#${b} − #${a}$`, 'm'));
    expect(text).toMatch(/^mIoU +58\.3 +23\.8 +-34\.5$/m);
    const [title, ...classes] = out.slice(out.findIndex((line) => line.startsWith('IoU of a class')));
    expect(title).toMatch(/^IoU of a class +#/);
    expect(classes.map((line) => line.split(/ +/))).toEqual([
      ['disc', '66.7', '14.3', '-52.4'],
      ['background', '50.0', '33.3', '-16.7'],
      ['box', '–', '–', '–'],
    ]);
  });

  it('compares three runs, even if one was not evaluated yet, and at their best', async () => {
    const { code, out, err } = await run('diff', number('base'), number('other'), number('new'), '--json');
    expect({ code, err }).toEqual({ code: 0, err: [`no evaluation of network 1 on val yet: #${number('new')}`] });
    const whole = JSON.parse(out.join('\n'));
    expect(whole.runs.map(({ number, step }: { number: number; step: number | null }) => [number, step])).toEqual([
      [numbers.base, 300],
      [numbers.other, 300],
      [numbers.new, null],
    ]);
    expect(whole.settings).toContainEqual({ path: 'method.name', values: ['cps', 'supervised', 'cps'] });
    expect(whole.facts).toContainEqual({ path: 'device', values: ['base', 'other', 'new'] });
    expect(whole.classes[0]).toEqual({
      name: 'disc',
      values: [2 / 3, 20 / 140, null],
      changes: [20 / 140 - 2 / 3, null],
    });
  });

  it('prints CSV', async () => {
    const { out } = await run('diff', number('base'), number('other'), '--csv');
    const [a, b] = [number('base'), number('other')];
    expect(out[0]).toBe(`kind,name,run ${a},run ${b},change ${b}`);
    expect(out).toContain('setting,method.name,cps,supervised,');
    expect(out).toContain('fact,device,base,other,');
    expect(out).toContain(`iou,background,0.5,${1 / 3},${1 / 3 - 0.5}`);
    expect(out.at(-1)).toBe('iou,box,,,');
    expect(new Set(out.map((line) => line.split(',').length))).toEqual(new Set([5]));
  });

  it.each([
    [['base'], /^error: give at least two runs to compare; got 1$/],
    [['base', 'base'], /^error: give different runs: one of them is given twice$/],
    [['base', 'other', '--json', '--csv'], /option '--json' cannot be used with option '--csv'/],
  ])('refuses %j', async (args, message) => {
    const { code, out, err } = await run('diff', ...args.map((arg) => (arg in numbers ? number(arg) : arg)));
    expect({ code, out }).toEqual({ code: 2, out: [] });
    expect(err).toEqual([expect.stringMatching(message)]);
  });
});
