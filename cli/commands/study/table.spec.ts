import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../../schema/exit-codes.js';
import { testServer } from '../../../server/testing/test-server.js';
import { crosscheck } from '../../testing/crosscheck.js';

const server = testServer();
const table = (...args: string[]) => crosscheck('study', 'table', ...args, '--server', server.url);
const TITLE = 'mIoU on val, network 1, newest evaluation, %';
let runNumber: number;

beforeAll(async () => {
  const runner = await server.registerRunner();
  await server.ask('mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }', {
    input: {
      name: 'a study',
      base: { dataset: 'shapes', split: { labelledRatio: 0.5 } },
      matrix: { methods: [{ name: 'supervised' }, { name: 'cps' }], seeds: [0] },
    },
  });
  const supervised = (await runner.claim())!;
  const confusion = [6, 2, 0, 2, 6, 0, 0, 0, 8];
  const evaluations = ['VAL', 'TEST'].map((subset) => ({ step: 1000, network: 'BRANCH1', subset, confusion }));
  await runner.report(supervised, { sequence: 1, step: 1000, evaluations });
  expect(await runner.finish(supervised, 'SUCCEEDED')).toBe('COMPLETED');
  runNumber = (await server.run(supervised.runId, 'number')).number;
});

describe('study table', () => {
  it('prints methods by split', async () => {
    // IoU 6/10, 6/10 and 1.
    const { code, out, err } = await table('a study');
    expect({ code, err }).toEqual({ code: EXIT.done, err: [] });
    const lines = out.join('\n').split('\n');
    expect(lines[0]).toMatch(new RegExp(`^${TITLE}: method +1/2$`));
    expect(lines[2]).toMatch(/^Supervised +73\.33 \(n = 1\)$/);
    expect(lines[3]).toMatch(/^CPS +1 queued$/);
    expect(lines).toHaveLength(4);
  });

  it('takes fields, a class and a format', async () => {
    const { out } = await table(
      'a study',
      '--rows',
      'seed',
      '--columns',
      'method',
      '--value',
      'iou(box, subset: test)',
      '--latex',
    );
    expect(out.join('\n')).toContain(
      'IoU of box on test, network 1, newest evaluation, \\%: seed & Supervised & CPS \\\\',
    );
    expect(out.join('\n')).toContain('    0 & 100.00 (n = 1) & 1 queued \\\\');
    const csv = await table('a study', '--format', 'csv');
    expect(csv.out.join('\n')).toMatch(/^method,split,"mean of mIoU/);
    const gain = await table('a study', '--show', 'gain', '--digits', '0', '--baseline', `#${runNumber}`);
    expect(gain.out.join('\n')).toContain('73');
  });

  it.each<[string[], string]>([
    [['no study'], 'there is no study "no study" on'],
    [['a study', '--value', 'miuo'], 'did you mean "miou"?'],
    [['a study', '--baseline', '999'], 'there is no run 999 on'],
    [['a study', '--show', 'median'], 'Allowed choices are std, n, interval, gain, published.'],
    [['a study', '--digits', '11'], 'must be a whole number from 0 to 10.'],
  ])('%j is refused', async (args, message) => {
    const { code, out, err } = await table(...args);
    expect({ code, out }).toEqual({ code: EXIT.refused, out: [] });
    expect(err.join('\n')).toContain(message);
  });
});
