import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../../schema/exit-codes.js';
import { type Claimed, type TestRunner, testServer } from '../../../server/testing/test-server.js';
import { crosscheck } from '../../testing/crosscheck.js';

const server = testServer();
const table = (...args: string[]) => crosscheck('study', 'table', ...args, '--server', server.url);
const TITLE = 'mIoU on val, network 1, newest evaluation, %';
let runner: TestRunner;
let runNumber: number;

beforeAll(async () => {
  runner = await server.registerRunner();
  await server.ask('mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }', {
    input: {
      name: 'a study',
      base: { dataset: 'shapes', split: { labelledRatio: 0.5 } },
      matrix: { methods: [{ name: 'supervised' }, { name: 'cps' }], seeds: [0] },
    },
  });
  const supervised = (await runner.claim())!;
  await report(supervised, [6, 2, 0, 2, 6, 0, 0, 0, 8]);
  runNumber = (await server.run(supervised.runId, 'number')).number;
});

async function report(attempt: Claimed, confusion: number[]): Promise<void> {
  const evaluations = ['VAL', 'TEST'].map((subset) => ({ step: 1000, network: 'BRANCH1', subset, confusion }));
  await runner.report(attempt, { sequence: 1, step: 1000, evaluations });
  expect(await runner.finish(attempt, 'SUCCEEDED')).toBe('COMPLETED');
}

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
    [['a study', '--baseline', 'pinned'], '--baseline pinned: the study has no baseline'],
    [['a study', '--show', 'median'], 'Allowed choices are std, n, interval, gain, published.'],
    [['a study', '--latex', '--format', 'csv'], "option '--latex' cannot be used with option '--format"],
    [['a study', '--digits', '11'], 'must be a whole number from 0 to 10.'],
  ])('%j is refused', async (args, message) => {
    const { code, out, err } = await table(...args);
    expect({ code, out }).toEqual({ code: EXIT.refused, out: [] });
    expect(err.join('\n')).toContain(message);
  });
});

it('gains are over supervised runs, or over the pinned baseline', async () => {
  const cps = (await runner.claim())!;
  await report(cps, [8, 0, 0, 2, 6, 0, 0, 0, 8]);
  const { studies } = await server.ask('{ studies { edges { node { id } } } }');
  const pin = 'mutation ($study: ID!, $run: ID!) { updateStudy(id: $study, input: { baselineRunId: $run }) { id } }';
  await server.ask(pin, { study: studies.edges[0].node.id, run: cps.runId });
  const gains = async (...args: string[]) => {
    const { out } = await table('a study', '--show', 'gain', '--digits', '0', ...args);
    return out.join('\n').split('\n').slice(2);
  };
  // IoU 8/10, 6/8 and 1: 85 %, against 73 %.
  expect(await gains()).toEqual([
    expect.stringMatching(/^Supervised +73$/),
    expect.stringMatching(/^CPS +\* 85 \+12$/),
    ...['', '* best'],
  ]);
  const [supervised, own] = await gains('--baseline', 'pinned');
  expect(supervised).toMatch(/^Supervised +73 [−-]12$/);
  expect(own).toMatch(/^CPS +\* 85$/);
});

it('has a row for each variant, and numbers beside mIoU', async () => {
  await server.ask('mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }', {
    input: {
      name: 'remedies',
      base: { dataset: 'shapes', split: { labelledRatio: 0.25 } },
      matrix: {
        methods: [{ name: 'gct' }],
        variants: [{ name: 'sampling', config: { balance: { sampling: {} } } }],
      },
    },
  });
  const { out } = await table('remedies');
  expect(out.join('\n').split('\n').slice(2)).toEqual([
    expect.stringMatching(/^GCT +none +1 queued$/),
    expect.stringMatching(/^GCT +sampling +1 queued$/),
  ]);
  const header = async (...args: string[]) => (await table('a study', ...args)).out.join('\n').split('\n')[0];
  expect(await header('--beside', 'accuracy')).toMatch(/: method +1\/2 +1\/2, pixel accuracy$/);
  expect(await header('--beside', 'accuracy', '--no-beside')).toMatch(/: method +1\/2$/);
  // No class of this dataset is rare.
  expect(await header()).toMatch(/: method +1\/2$/);
});
