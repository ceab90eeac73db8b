import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyTables } from '../../../server/testing/empty-tables.js';
import { type TestRunner, testServer } from '../../../server/testing/test-server.js';
import { crosscheck, type Outcome } from '../../testing/crosscheck.js';
import { trainingRun } from './testing/training-run.js';

const server = testServer();
let runner: TestRunner;

beforeAll(async () => {
  runner = await server.registerRunner();
});
beforeEach(() => emptyTables(server.database.dataSource, 'runs', 'studies'));

const run = (...args: string[]): Promise<Outcome> => crosscheck('run', ...args, '--server', server.url);
const numberOf = async (id: string): Promise<number> => (await server.run(id, 'number')).number;

describe('run show', () => {
  it('prints configuration, attempts, scores by class and alarms', async () => {
    const { runId } = await trainingRun(server, runner);
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
    const { runId } = await trainingRun(server, runner);
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
