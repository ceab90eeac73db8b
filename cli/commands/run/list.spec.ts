import { beforeAll, expect, it } from 'vitest';
import { type TestRunner, testServer } from '../../../server/testing/test-server.js';
import { crosscheck } from '../../testing/crosscheck.js';

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
