import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyTables } from '../../../server/testing/empty-tables.js';
import { type TestRunner, testServer } from '../../../server/testing/test-server.js';
import { runCommandLine } from '../../command-line.js';
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

describe('run logs', () => {
  it('prints the last lines and says when there are more', async () => {
    const { runId } = await trainingRun(server, runner);
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
    const attempt = await trainingRun(server, runner);
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
