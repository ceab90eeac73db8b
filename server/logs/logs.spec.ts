import { beforeEach, describe, expect, it } from 'vitest';
import { type Context, Loaders } from '../context.js';
import { inTransaction } from '../database/transaction.js';
import type { Run } from '../runs/run.entity.js';
import { emptyTables } from '../testing/empty-tables.js';
import { queriesOf } from '../testing/queries.js';
import { insertDataset, insertRun } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import { LogLevel } from './log-line.entity.js';
import { LogsRepository } from './logs.repository.js';
import { type LogArgs, LogsService } from './logs.service.js';

const { dataSource } = testDatabase();
const service = new LogsService(new LogsRepository(dataSource));
const at = new Date('2026-11-24T01:02:03.456Z');

describe('LogsService', () => {
  let run: Run;
  const record = (fence: number, ...messages: string[]) =>
    inTransaction(dataSource, (transaction) =>
      service.record(
        transaction,
        run.id,
        fence,
        messages.map((message) => ({ at, level: LogLevel.WARN, message })),
      ),
    );
  const log = (last: number, changes: Partial<LogArgs> = {}) =>
    service.load({ loaders: new Loaders(true) } as Context, run.id, {
      ...{ last, after: null, before: null, fromStart: false },
      ...changes,
    });
  const messages = async (last = 200) => (await log(last)).map(({ message }) => message);

  beforeEach(async () => {
    await emptyTables(dataSource, 'runs', 'datasets');
    run = await insertRun(dataSource, await insertDataset(dataSource));
  });

  it('returns the last ones in the order in which they were written', async () => {
    await record(1, 'one', 'two', 'three');
    await record(2, 'four');
    await record(2);
    expect(await messages()).toEqual(['one', 'two', 'three', 'four']);
    expect(await messages(2)).toEqual(['three', 'four']);
    expect((await log(1))[0]).toMatchObject({ at, level: 'WARN', fence: 2, message: 'four' });
  });

  it('returns only those after a given line', async () => {
    await record(1, 'one', 'two');
    const [, two] = await log(200);
    await record(1, 'three', 'four', 'five');
    const since = async (last: number) => (await log(last, { after: String(two!.id) })).map((line) => line.message);
    expect(await since(200)).toEqual(['three', 'four', 'five']);
    expect(await since(2)).toEqual(['four', 'five']);
    await expect(log(1, { after: 'two' })).rejects.toThrow('after: "two" is not the id of a log line');
  });

  it('is read page by page, in both directions', async () => {
    await record(1, ...Array.from({ length: 7 }, (_, i) => `${i}`));
    const words = async (changes: Partial<LogArgs>) => (await log(3, changes)).map(({ message }) => message).join(' ');
    const [first] = await log(3, { fromStart: true });
    const [, , third] = await log(3, { fromStart: true });
    expect(await words({ fromStart: true })).toBe('0 1 2');
    expect(await words({ fromStart: true, after: String(third!.id) })).toBe('3 4 5');
    const [fifth] = await log(3);
    expect(await words({ before: String(fifth!.id) })).toBe('1 2 3');
    expect(await words({ before: String(third!.id), after: String(first!.id) })).toBe('1');
    expect(await words({ before: String(first!.id) })).toBe('');
    await expect(log(1, { before: 'x' })).rejects.toThrow('before: "x" is not the id of a log line');
  });

  it('reads the logs of many runs in one statement', async () => {
    const other = await insertRun(dataSource, await insertDataset(dataSource, 'other'));
    await record(1, 'one', 'two');
    const context = { loaders: new Loaders(true) } as Context;
    const range = { last: 1, after: null, before: null, fromStart: false };
    const queries = await queriesOf(async () => {
      const found = await Promise.all([run, other].map(({ id }) => service.load(context, id, range)));
      expect(found.map((lines) => lines.map(({ message }) => message))).toEqual([['two'], []]);
    });
    expect(queries.filter((query) => query.includes('logOfRuns'))).toHaveLength(1);
  });

  it('as text is whole, up to its newest line', async () => {
    const whole = async () => {
      let text = '';
      for await (const part of await service.text(run.id)) text += part;
      return text;
    };
    expect(await whole()).toBe('');
    await record(1, ...Array.from({ length: 401 }, (_, i) => `line ${i}`));
    const lines = (await whole()).split('\n');
    expect([lines.length, lines[0], lines[400], lines[401]]).toEqual([
      ...[402, '2026-11-24T01:02:03.456Z WARN  line 0', '2026-11-24T01:02:03.456Z WARN  line 400', ''],
    ]);
  });

  it('cuts a line that is too long, and replaces what Postgres cannot store', async () => {
    await record(1, `a\0b`, 'x'.repeat(20_000), 'quotes " and {braces}, \\ and\nlines');
    const [nul, long, odd] = await messages();
    expect(nul).toBe('a\uFFFDb');
    expect(long).toBe(`${'x'.repeat(16_384)}… (3616 more characters)`);
    expect(odd).toBe('quotes " and {braces}, \\ and\nlines');
  });

  it('replaces a time in the future by its own', async () => {
    const before = Date.now();
    const future = new Date(before + 3_600_000);
    await inTransaction(dataSource, (transaction) =>
      service.record(transaction, run.id, 1, [{ at: future, level: LogLevel.INFO, message: 'early' }]),
    );
    const [line] = await log(1);
    expect(line!.at.getTime()).toBeLessThan(before + 1_800_000);
    expect(line!.at.getTime()).toBeGreaterThan(before - 60_000);
  });

  it.each([0, 5001])('rejects last: %i', async (last) => {
    await expect(log(last)).rejects.toThrow(`last: must be between 1 and 5000; got ${last}`);
  });

  it('deletes lines with their run', async () => {
    await record(1, 'one');
    await dataSource.query('DELETE FROM runs');
    expect(await dataSource.query('SELECT FROM log_lines')).toEqual([]);
  });
});
