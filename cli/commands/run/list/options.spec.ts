import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyTables } from '../../../../server/testing/empty-tables.js';
import { type TestRunner, testServer } from '../../../../server/testing/test-server.js';
import { crosscheck, type Outcome } from '../../../testing/crosscheck.js';
import { trainingRun } from '../testing/training-run.js';

const server = testServer();
let runner: TestRunner;

beforeAll(async () => {
  runner = await server.registerRunner();
});
beforeEach(() => emptyTables(server.database.dataSource, 'runs', 'studies'));

const run = (...args: string[]): Promise<Outcome> => crosscheck('run', ...args, '--server', server.url);
const numberOf = async (id: string): Promise<number> => (await server.run(id, 'number')).number;

describe('run list', () => {
  it('prints one line per run, newest first', async () => {
    const { runId } = await trainingRun(server, runner);
    const waiting = await numberOf(await server.createRun({ name: 'waits' }));
    const { code, out, err } = await run('list');
    expect(out[0]).toMatch(/^ *run {2}name +state +progress +best mIoU +last mIoU +dataset +runner +age$/);
    expect(out[1]).toMatch(new RegExp(`^ *#${waiting} {2}waits +QUEUED +0/1000 +– +– +shapes +– +\\d+ s$`));
    expect(out[2]).toMatch(
      new RegExp(
        `^ *#${await numberOf(runId)} {2}trains +RUNNING \\(evaluating\\) +300/1000 +72\\.2 +72\\.2 +shapes +gpu-1 +\\d+ s$`,
      ),
    );
    expect({ code, lines: out.length, err }).toEqual({ code: 0, lines: 3, err: [] });
  });

  it('prints one JSON array, and nothing else, with --json', async () => {
    const { runId } = await trainingRun(server, runner);
    await server.createRun({ name: 'waits' });
    const { code, out, err } = await run('list', '--json', '--limit', '1', '--sort', 'priority desc');
    const [first, ...others] = JSON.parse(out.join('\n'));
    expect(others).toEqual([]);
    expect(first).toEqual({
      id: runId,
      number: await numberOf(runId),
      name: 'trains',
      state: 'RUNNING',
      phase: 'EVALUATING',
      step: 300,
      iterations: 1000,
      bestMeanIou: expect.closeTo(0.722, 3),
      lastMeanIou: expect.closeTo(0.722, 3),
      dataset: 'shapes',
      method: 'cps',
      backbone: 'resnet18',
      split: '1/8',
      seed: 0,
      tags: [],
      study: null,
      runner: 'gpu-1',
      failure: null,
      createdAt: expect.stringMatching(/^\d{4}-/),
      startedAt: expect.stringMatching(/^\d{4}-/),
      finishedAt: null,
    });
    expect({ code, err }).toEqual({ code: 0, err: ['1 of 2 runs; see all with --limit 2'] });
    expect((await run('list', '--json', '--search', 'nothing')).out).toEqual(['[]']);
  });

  it('filters', async () => {
    const study = async (name: string): Promise<string> => {
      const input = {
        name,
        base: { dataset: 'shapes', split: { labelledRatio: 0.125 } },
        matrix: { methods: [{ name: 'cct' }] },
        tags: ['paper'],
      };
      const create = 'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }';
      return (await server.ask(create, { input })).createStudy.id;
    };
    const id = await study('table 1');
    const canceled = await server.createRun({ name: 'canceled' });
    expect((await run('cancel', canceled)).code).toBe(0);
    const names = async (...filter: string[]) =>
      JSON.parse((await run('list', '--json', ...filter)).out.join('\n')).map(({ name }: { name: string }) => name);
    const CCT = 'CCT, 1/8, seed 0';
    expect(await names()).toEqual(['canceled', CCT]);
    for (const filter of [
      ['--study', 'table 1'],
      ['--study', id],
      ['--state', 'queued', '--state', 'RUNNING'],
      ['--method', 'cct'],
      ['--tag', 'paper'],
      ['--search', 'cct'],
    ]) {
      expect(await names(...filter), filter.join(' ')).toEqual([CCT]);
    }
    expect(await names('--sort', 'name')).toEqual([CCT, 'canceled'].sort());
    expect(await names('--search', 'nothing')).toEqual([]);
    expect(await run('list', '--search', 'nothing')).toEqual({ code: 0, out: [], err: ['no run matches'] });
    for (const [option, unknown] of [
      ['--dataset', 'where: dataset cannot be "voc"; known: shapes'],
      ['--method', 'where: method cannot be "voc"; known: supervised, '],
    ] as const) {
      const { code, out, err } = await run('list', option, 'voc');
      expect([code, out, err.length]).toEqual([2, [], 1]);
      expect(err[0]).toContain(unknown);
    }
    const none = await run('list', '--study', 'table 2');
    expect(none).toEqual({ code: 2, out: [], err: [`error: there is no study "table 2" on ${server.url}`] });
    await study('table 1');
    expect((await run('list', '--study', 'table 1')).err[0]).toMatch(
      new RegExp(`^error: 2 studies are called "table 1": give the id of one: .*${id}`),
    );
  });
});
