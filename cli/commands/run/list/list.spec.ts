import { beforeAll, describe, expect, it } from 'vitest';
import { type TestRunner, testServer } from '../../../../server/testing/test-server.js';
import { crosscheck } from '../../../testing/crosscheck.js';

const server = testServer();
let runner: TestRunner;

const list = (...args: string[]) => crosscheck('run', 'list', '--server', server.url, ...args);

beforeAll(async () => {
  runner = await server.registerRunner();
});

it('filters by a condition, and says where it is wrong', async () => {
  await server.createRun();
  const attempt = (await runner.claim())!;
  await server.createRun({ name: 'waits' });
  const confusion = [8, 2, 0, 1, 9, 0, 0, 0, 10];
  await runner.report(attempt, {
    ...{ sequence: 1, step: 300 },
    evaluations: [{ step: 300, subset: 'VAL', network: 'BRANCH1', confusion }],
    points: [{ series: 'loss', steps: [1, 2], values: [1, 'NaN'] }],
  });
  const { out } = await list('--json', '--where', 'miou > 70% and not alarm(takeover, active: true)');
  expect(JSON.parse(out.join('\n')).map(({ id }: { id: string }) => id)).toEqual([attempt.runId]);
  const { code, err } = await list('--where', 'state = running and mou > 1');
  expect(err).toEqual([expect.stringContaining('query: character 21: "mou" is unknown; did you mean "miou"?')]);
  expect(code).toBe(2);
});

it('reads every page of a list that is longer than a page of the server', async () => {
  await server.ask('mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }', {
    input: {
      name: 'many',
      base: { dataset: 'shapes', split: { labelledRatio: 0.125 } },
      matrix: {
        methods: [{ name: 'cps' }, { name: 'cct' }],
        seeds: Array.from({ length: 52 }, (_, seed) => seed),
      },
    },
  });
  const { out, err } = await list('--limit', '102', '--study', 'many');
  expect(new Set(out).size).toBe(103);
  expect(err).toEqual(['102 of 104 runs; see all with --limit 104']);
});

describe('columns', () => {
  const table = [
    '--where',
    'study is not known',
    '--columns',
    'name, iou(disc), last(loss),  alarm',
    '--sort',
    'miou desc',
  ];

  it('are a table, JSON or CSV, in this order', async () => {
    const { out, err } = await list(...table);
    expect(out).toEqual([
      'name              iou(disc)  last(loss)  alarm',
      'CPS, 1/8, seed 0       0.75  NaN         false',
      'waits                     –  –           false',
    ]);
    expect(err).toEqual([]);
    expect(JSON.parse((await list(...table, '--json')).out.join('\n'))).toEqual([
      { name: 'CPS, 1/8, seed 0', 'iou(disc)': 0.75, 'last(loss)': 'NaN', alarm: false },
      { name: 'waits', 'iou(disc)': null, 'last(loss)': null, alarm: false },
    ]);
    expect((await list(...table, '--csv')).out).toEqual([
      'name,iou(disc),last(loss),alarm',
      `"CPS, 1/8, seed 0",0.75,NaN,false`,
      'waits,,,false',
    ]);
  });

  it('have a default in CSV', async () => {
    const { out } = await list('--csv', '--limit', '1');
    expect(out[0]).toMatch(/^number,name,state,.*,miou\(pick: best\),miou,/);
  });

  it.each([
    [['--columns', 'name, iou(dics)'], '--columns: character 7: no dataset has a class "dics"; did you mean "disc"?'],
    [['--columns', 'name iou'], '--columns: character 6: expected "," or the end; got iou'],
    [['--group-by', 'method,  sed'], '--group-by: character 10: "sed" is unknown; did you mean "seed"?'],
    [
      ['--group-by', 'method', '--columns', 'step, name'],
      '--columns: character 7: statistics need numbers; name is not one',
    ],
    [['--sort', 'miou down'], 'sort: character 6: expected "asc", "desc", "," or the end; got down'],
    [['--best', 'lowest'], '--best needs --group-by and --columns'],
    [['--best', 'lowest', '--group-by', 'seed'], '--best needs --group-by and --columns'],
    [['--json', '--csv'], "option '--json' cannot be used with option '--csv'"],
  ])('%j are refused', async (args, message) => {
    const { code, err } = await list(...args);
    expect(err).toEqual([expect.stringContaining(message)]);
    expect(code).toBe(2);
  });
});

describe('groups', () => {
  const groups = ['--group-by', 'method', '--columns', 'seed, miou'];

  it('are a table, JSON or CSV', async () => {
    const { out } = await list(
      ...groups,
      '--sort',
      'count desc, method',
      '--best',
      'lowest',
      '--where',
      'seed in (0, 1)',
    );
    expect(out[0]).toMatch(/^method +runs +seed +n +range +miou +n +range +best$/);
    expect(out[1]).toMatch(/^cps +4 +0\.25 ± 0\.5 +4 +0–1 +0\.\d+ +1 +0\.\d+–0\.\d+ +#\d+$/);
    expect(out[2]).toMatch(/^cct +2 +0\.5 ± 0\.707107 +2 +0–1 +– +0 +– +#\d+$/);
    const [cct] = JSON.parse((await list(...groups, '--json')).out.join('\n'));
    expect(cct).toMatchObject({
      ...{ key: { method: 'cct' }, count: 52, states: { queued: 52 } },
      values: { seed: { n: 52, mean: 25.5, minimum: 0, maximum: 51 }, miou: { n: 0, mean: null } },
      best: { name: expect.any(String) },
    });
    const csv = (await list(...groups, '--csv', '--limit', '1')).out;
    expect(csv[0]).toMatch(
      /^method,runs,seed mean,seed std,seed n,seed minimum,seed maximum,seed diverged,miou mean,.*,best$/,
    );
    expect(csv[1]).toMatch(/^cct,52,25\.5,/);
  });

  it('say that none was found', async () => {
    expect(await list('--group-by', 'method', '--where', 'name = nothing')).toEqual({
      code: 0,
      out: [],
      err: ['no run matches'],
    });
  });
});

it('still takes the words that runs were sorted by, with a warning', async () => {
  const { code, err } = await list('--sort', 'miou', '--study', 'many', '--limit', '200');
  expect({ code, err }).toEqual({
    code: 0,
    err: ["--sort miou: write --sort 'miou desc'; from version 0.3 on, a field alone ascends"],
  });
  expect((await list('--sort', 'name', '--limit', '200')).err).toEqual([]);
});
