import { graphql, printType } from 'graphql';
import { Field, InputType } from 'type-graphql';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Container, type Context, Loaders } from '../context.js';
import { type Base, createModule, type ReportPlace } from '../create-module.js';
import { readEnv } from '../env.js';
import { Events } from '../events/events.js';
import { Budget } from '../graphql/budget.js';
import { createLogger } from '../logger.js';
import { modules } from '../modules.js';
import type { Runner } from '../runners/runner.entity.js';
import { createSchema } from '../schema.js';
import { emptyTables } from '../testing/empty-tables.js';
import { insertAttempt, insertDataset, insertRun, insertRunner } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import type { Attempt } from './attempt.entity.js';

@InputType()
class NoteInput {
  @Field(() => String)
  text!: string;
}

/** A kind of report that the server does not have. This entry is all that is needed to add it. */
const notesModule = createModule({
  create: (_: Base) => ({ notes: { table: 'notes' } }),
  report: {
    field: 'notes',
    input: () => [NoteInput],
    record: async ({ notes }, { transaction, run, attempt }: ReportPlace, inputs: NoteInput[]) => {
      for (const { text } of inputs) {
        await transaction.query(`INSERT INTO ${notes.table} VALUES ($1, $2, $3)`, [run.id, attempt.fence, text]);
        if (text === 'refused') throw new Error('no');
      }
    },
  },
});

const { dataSource, url } = testDatabase();
const list = modules.with(notesModule);
const schema = createSchema(list);

describe('a new kind of report', () => {
  let container: Container;
  let runner: Runner;
  let attempt: Attempt;

  const report = async (content: object) => {
    const contextValue: Context = {
      principal: { kind: 'runner', runnerId: runner.id },
      address: null,
      loaders: new Loaders(true),
      budget: new Budget(),
      container,
    };
    const source = 'mutation ($report: AttemptReportInput!) { reportAttempt(report: $report) { acknowledged } }';
    const variableValues = { report: { attemptId: attempt.id, fence: attempt.fence, ...content } };
    const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
    return errors?.[0]?.message ?? (data as { reportAttempt: { acknowledged: number } }).reportAttempt.acknowledged;
  };
  const stored = async () =>
    (await dataSource.query<{ text: string }[]>('SELECT * FROM notes')).map(({ text }) => text);

  beforeAll(async () => {
    await dataSource.query('CREATE TABLE notes (run_id uuid, fence int, text text)');
    const logger = createLogger('silent');
    const events = new Events({ databaseUrl: url, logger });
    container = list.create({ dataSource, events, env: readEnv({}), logger, version: 'test' }).container;
    runner = await insertRunner(dataSource);
  });

  beforeEach(async () => {
    await emptyTables(dataSource, 'runs', 'datasets', 'notes');
    attempt = await insertAttempt(dataSource, await insertRun(dataSource, await insertDataset(dataSource)), runner);
  });

  it('has a field in the API', () => {
    expect(printType(schema.getType('AttemptReportInput')!)).toContain('notes: [NoteInput!]');
  });

  it('is stored once for each report number', async () => {
    const first = { sequence: 1, step: 10, notes: [{ text: 'a' }, { text: 'b' }] };
    expect(await report(first)).toBe(1);
    expect(await report(first)).toBe(1);
    expect(await report({ sequence: 2, notes: [{ text: 'c' }], log: [] })).toBe(2);
    expect(await dataSource.query('SELECT run_id AS "runId", fence, text FROM notes')).toEqual(
      ['a', 'b', 'c'].map((text) => ({ runId: attempt.runId, fence: attempt.fence, text })),
    );
  });

  it('is stored with the rest of its report, or not at all', async () => {
    const points = [{ series: 'loss', steps: [10], values: [1] }];
    expect(await report({ sequence: 1, points, notes: [{ text: 'a' }, { text: 'refused' }] })).toBe('no');
    expect(await stored()).toEqual([]);
    expect(await dataSource.query('SELECT FROM points')).toEqual([]);
    expect(await report({ sequence: 1, points, notes: [{ text: 'a' }] })).toBe(1);
    expect(await stored()).toEqual(['a']);
    expect(await dataSource.query('SELECT FROM points')).toHaveLength(1);
  });
});
