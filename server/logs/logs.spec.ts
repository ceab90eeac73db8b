import { beforeEach, describe, expect, it } from 'vitest';
import { inTransaction } from '../database/transaction.js';
import type { Run } from '../runs/run.entity.js';
import { emptyTables } from '../testing/empty-tables.js';
import { insertDataset, insertRun } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import { LogLevel } from './log-line.entity.js';
import { LogsRepository } from './logs.repository.js';
import { LogsService } from './logs.service.js';

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
  const messages = async (last = 200) => (await service.log(run.id, last)).map(({ message }) => message);

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
    expect((await service.log(run.id, 1))[0]).toMatchObject({ at, level: 'WARN', fence: 2, message: 'four' });
  });

  it('returns only those after a given line', async () => {
    await record(1, 'one', 'two');
    const [, two] = await service.log(run.id, 200);
    await record(1, 'three', 'four', 'five');
    const since = async (last: number) =>
      (await service.log(run.id, last, String(two!.id))).map((line) => line.message);
    expect(await since(200)).toEqual(['three', 'four', 'five']);
    expect(await since(2)).toEqual(['four', 'five']);
    await expect(service.log(run.id, 1, 'two')).rejects.toThrow('after: "two" is not the id of a log line');
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
    const [line] = await service.log(run.id, 1);
    expect(line!.at.getTime()).toBeLessThan(before + 1_800_000);
    expect(line!.at.getTime()).toBeGreaterThan(before - 60_000);
  });

  it.each([0, 5001])('rejects last: %i', async (last) => {
    await expect(service.log(run.id, last)).rejects.toThrow(`last must be between 1 and 5000; got ${last}`);
  });

  it('deletes lines with their run', async () => {
    await record(1, 'one');
    await dataSource.query('DELETE FROM runs');
    expect(await dataSource.query('SELECT FROM log_lines')).toEqual([]);
  });
});
