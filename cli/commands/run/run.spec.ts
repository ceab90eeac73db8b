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
const NOBODY = 'b9b7a2f4-57bb-4c4e-9d4e-0a3b2c1d4e5f';

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
    const { runId } = await trainingRun(server, runner);
    expect((await run('cancel', runId)).out[0]).toMatch(/ is being canceled: its runner stops within seconds$/);
    expect((await run('cancel', runId)).out[0]).toMatch(/ is already being canceled$/);
  });

  it('fail if the state of the run does not allow it', async () => {
    const attempt = await trainingRun(server, runner);
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
