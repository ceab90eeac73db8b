import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyTables } from '../../../server/testing/empty-tables.js';
import { type Claimed, type TestRunner, testServer } from '../../../server/testing/test-server.js';
import { runCommandLine } from '../../command-line.js';
import { crosscheck, type Outcome } from '../../testing/crosscheck.js';

const server = testServer();
let runner: TestRunner;

beforeAll(async () => {
  runner = await server.registerRunner();
});
beforeEach(() => emptyTables(server.database.dataSource, 'runs', 'studies'));

const run = (...args: string[]): Promise<Outcome> => crosscheck('run', ...args, '--server', server.url);
const numberOf = async (id: string): Promise<number> => (await server.run(id, 'number')).number;
const NOBODY = 'b9b7a2f4-57bb-4c4e-9d4e-0a3b2c1d4e5f';

/** A run in training, with a score, an alarm and two log lines. */
async function training(name = 'trains'): Promise<Claimed> {
  await server.createRun({ name, priority: 9 });
  const attempt = (await runner.claim())!;
  const log = ['one', 'two'].map((message) => ({ at: '2026-11-24T01:02:03.456Z', level: 'INFO', message }));
  const confusion = [50, 50, 0, 0, 100, 0, 0, 0, 100];
  await runner.report(attempt, {
    sequence: 1,
    step: 300,
    phase: 'EVALUATING',
    log,
    setup: { engine: 'wasm', device: 'd', splitHash: 'h', labelledImages: 8, unlabelledImages: 56, parameters: 1234 },
    evaluations: [{ step: 300, subset: 'VAL', network: 'BRANCH1', confusion }],
    alarms: [
      { step: 200, kind: 'TAKEOVER', network: 'BRANCH1', classIndex: 0, message: 'background' },
      { step: 300, kind: 'DROP', network: 'BRANCH1', message: 'mIoU has fallen from 0.9 to 0.7' },
    ],
    alarmEnds: [{ step: 250, kind: 'TAKEOVER', network: 'BRANCH1', classIndex: 0 }],
  });
  return attempt;
}

describe('run list', () => {
  it('prints one line per run, newest first', async () => {
    const { runId } = await training();
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
    const { runId } = await training();
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

describe('run show', () => {
  it('prints configuration, attempts, scores by class and alarms', async () => {
    const { runId } = await training();
    const number = await numberOf(runId);
    const { code, out } = await run('show', `#${number}`);
    expect(code).toBe(0);
    const text = out.join('\n');
    expect(out[0]).toBe(`#${number} "trains": RUNNING (evaluating), 300 of 1000 iterations`);
    expect(text).toMatch(/^method {4}CPS \{.*"weight":/m);
    expect(text).toMatch(/^setup {5}wasm on d; 8 labelled and 56 unlabelled images; 1,234 parameters per network$/m);
    expect(text).toMatch(/^ +1 {2}ACTIVE +gpu-1 /m);
    expect(text).toMatch(/^ {2}class +best val, step 300 +last val, step 300\n {2}mIoU +72\.2 +72\.2$/m);
    expect(text).toMatch(/^ {2}background +50\.0 +50\.0$/m);
    expect(text).toMatch(/^ +200 +250 {2}TAKEOVER +BRANCH1 +background$/m);
    expect(text).toMatch(/^ +300 +active {2}DROP +BRANCH1 +mIoU has fallen from 0\.9 to 0\.7$/m);
    expect(text).toContain(`${server.url}/runs/${runId}`);
  });

  it('prints how the loss treats the classes', async () => {
    await server.createRun({ priority: 9 });
    const attempt = (await runner.claim())!;
    const setup = {
      engine: 'wasm',
      device: 'd',
      splitHash: 'h',
      labelledImages: 8,
      unlabelledImages: 56,
      parameters: 9,
    };
    await runner.report(attempt, { sequence: 1, setup: { ...setup, classWeights: [0.21234, 10, 0] } });
    const { out } = await run('show', attempt.runId);
    expect(out.find((line) => line.startsWith('loss'))).toMatch(
      /^loss {6}class weights: background 0\.212, \w+ 10, \w+ 0$/,
    );
    const json = JSON.parse((await run('show', attempt.runId, '--json')).out.join('\n'));
    expect(json.setup).toMatchObject({ classWeights: [0.21234, 10, 0], logitOffsets: null });
  });

  it('prints one JSON object with --json, whether the run has started or not', async () => {
    const { runId } = await training();
    const whole = JSON.parse((await run('show', runId, '--json')).out.join('\n'));
    expect(whole).toMatchObject({ id: runId, state: 'RUNNING', config: { dataset: 'shapes' }, splitHash: 'h' });
    expect(whole.attempts).toMatchObject([{ fence: 1, state: 'ACTIVE', runner: 'gpu-1' }]);
    expect(whole.alarms).toMatchObject([{ overStep: 250 }, { kind: 'DROP', overStep: null }]);
    expect(whole.scores.best.classIous[0]).toEqual({ classIndex: 0, name: 'background', iou: 0.5 });
    const waiting = await server.createRun();
    expect(JSON.parse((await run('show', waiting, '--json')).out.join('\n'))).toMatchObject({
      setup: null,
      attempts: [],
      scores: { best: null, last: null, test: null },
    });
    expect((await run('show', waiting)).code).toBe(0);
  });
});

describe('run logs', () => {
  it('prints the last lines and says when there are more', async () => {
    const { runId } = await training();
    const one = await run('logs', runId, '--last', '1');
    expect(one).toEqual({
      code: 0,
      out: ['2026-11-24T01:02:03.456Z INFO  two'],
      err: ['the last line; see more with --last 10'],
    });
    const both = await run('logs', runId, '--json');
    expect(both.err).toEqual([]);
    expect(both.out.map((line) => JSON.parse(line))).toEqual(
      ['one', 'two'].map((message) => ({ at: '2026-11-24T01:02:03.456Z', level: 'INFO', attempt: 1, message })),
    );
    const waiting = await server.createRun();
    expect((await run('logs', waiting)).err[0]).toMatch(/^run #\d+ has logged nothing yet; it is QUEUED$/);
  });

  it('follows a run until it has ended', async () => {
    const attempt = await training();
    const say = (sequence: number, message: string) =>
      runner.report(attempt, { sequence, log: [{ at: '2026-11-24T01:02:04.000Z', level: 'WARN', message }] });
    const printed: string[] = [];
    const warned: string[] = [];
    /** What happens after a line is printed. */
    const next: Record<string, () => Promise<unknown>> = {
      two: () => say(2, 'three'),
      three: async () => {
        await say(3, 'four');
        await runner.complete(attempt);
      },
    };
    const happening: Promise<unknown>[] = [];
    const code = await runCommandLine(['run', 'logs', attempt.runId, '--follow', '--server', server.url], {
      print: (line) => {
        const message = line.split(/\s+/).at(-1)!;
        printed.push(message);
        happening.push(next[message]?.() ?? Promise.resolve());
      },
      write: async () => {},
      warn: (line) => warned.push(line),
    });
    await Promise.all(happening);
    expect({ code, printed }).toEqual({ code: 0, printed: ['one', 'two', 'three', 'four'] });
    expect(warned).toEqual([`run #${await numberOf(attempt.runId)} is COMPLETED`]);
  });
});

describe('run cancel and retry', () => {
  it('say what happened to a queued run', async () => {
    const id = await server.createRun({ name: 'a run' });
    const number = await numberOf(id);
    const answers: [string, string][] = [
      ['cancel', `run #${number} "a run" is canceled`],
      ['cancel', `run #${number} "a run" is already canceled`],
      ['retry', `run #${number} "a run" is queued again`],
    ];
    for (const [command, line] of answers) {
      expect(await run(command, String(number))).toEqual({ code: 0, out: [line], err: [] });
    }
    const { out } = await run('cancel', id, '--json');
    expect(JSON.parse(out.join())).toEqual({ id, number, name: 'a run', state: 'CANCELED' });
  });

  it('say what happens to a running run', async () => {
    const { runId } = await training();
    expect((await run('cancel', runId)).out[0]).toMatch(/ is being canceled: its runner stops within seconds$/);
    expect((await run('cancel', runId)).out[0]).toMatch(/ is already being canceled$/);
  });

  it('fail if the state of the run does not allow it', async () => {
    const attempt = await training();
    const number = await numberOf(attempt.runId);
    await runner.complete(attempt);
    expect(await run('cancel', attempt.runId)).toEqual({
      code: 2,
      out: [],
      err: [`error: run ${number} is COMPLETED: only a QUEUED or RUNNING run can be canceled`],
    });
    expect(await run('retry', attempt.runId)).toEqual({
      code: 2,
      out: [],
      err: [`error: run ${number} is COMPLETED: only a FAILED or CANCELED run can be retried`],
    });
  });
});

describe('every command about a run', () => {
  it.each(['show', 'logs', 'watch', 'classes', 'cancel', 'retry'])(
    '%s rejects a run that does not exist, in one line',
    async (command) => {
      for (const which of ['2147483', '#2147483', NOBODY]) {
        const line = `error: there is no run ${which} on ${server.url}; "crosscheck run list" lists all runs`;
        expect(await run(command, which)).toEqual({ code: 2, out: [], err: [line] });
      }
      const line = 'error: "first" does not name a run: give its number, such as 12 or #12, or its id';
      expect(await run(command, 'first')).toEqual({ code: 2, out: [], err: [line] });
    },
  );

  it.each([
    ['list'],
    ['show', '1'],
    ['logs', '1'],
    ['watch', '1'],
    ['classes', '1'],
    ['diff', '1', '2'],
    ['cancel', '1'],
    ['retry', '1'],
  ])('%s says so in one line when the server cannot be reached, or does not accept the token', async (...args) => {
    const away = await crosscheck('run', ...args, '--server', 'http://127.0.0.1:1');
    expect(away).toEqual({
      code: 4,
      out: [],
      err: [expect.stringMatching(/^error: the server at http:\/\/127\.0\.0\.1:1 does not answer: ./)],
    });
    const refused = await run(...args, '--token', 'wrong');
    expect(refused).toEqual({
      code: 2,
      out: [],
      err: [expect.stringMatching(/^error: the token is neither .*; give a user token with --token or CROSSCHECK_/)],
    });
    const noAddress = await crosscheck('run', ...args, '--server', 'localhost');
    expect(noAddress).toEqual({ code: 2, out: [], err: [expect.stringMatching(/^error: --server must be an addr/)] });
  });
});
