import { graphql } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Context, Loaders } from '../context.js';
import { readEnv } from '../env.js';
import { Events } from '../events/events.js';
import { Budget } from '../graphql/budget.js';
import { createLogger } from '../logger.js';
import { modules } from '../modules.js';
import { createSchema } from '../schema.js';
import { insertDataset, insertRun } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';

const { dataSource, url } = testDatabase();
const schema = createSchema(modules);
const RUNS = 100;
const EVALUATIONS = 20;
const CLASSES = 20;

interface Statement {
  query: string;
  rows: number;
  /** Of the rows, as JSON. */
  bytes: number;
}

/** What an operation reads from the database. */
async function statementsOf(source: string): Promise<{ statements: Statement[]; data: unknown }> {
  const logger = createLogger('silent');
  const events = new Events({ databaseUrl: url, logger });
  const { container } = modules.create({ dataSource, events, env: readEnv({}), logger, version: 'test' });
  const principal = { kind: 'anonymous' } as unknown as Context['principal'];
  const contextValue: Context = {
    principal,
    address: null,
    loaders: new Loaders(true),
    budget: new Budget(),
    container,
  };
  const statements: Statement[] = [];
  const listener = {
    afterQuery({ query, rawResults }: { query: string; rawResults?: { rows: unknown[] } }): void {
      const { rows } = rawResults!;
      statements.push({ query, rows: rows.length, bytes: JSON.stringify(rows).length });
    },
  };
  dataSource.subscribers.push(listener);
  try {
    const { data, errors } = await graphql({ schema, source, contextValue });
    expect(errors).toBeUndefined();
    return { statements, data };
  } finally {
    dataSource.subscribers.splice(dataSource.subscribers.indexOf(listener), 1);
  }
}

const page = (fields: string) => `{ runs(first: ${RUNS}) { edges { node { number ${fields} } } } }`;
const bytesOf = (statements: Statement[]) => statements.reduce((sum, { bytes }) => sum + bytes, 0);

describe('a page of 100 runs', () => {
  beforeAll(async () => {
    const dataset = await insertDataset(dataSource);
    for (let i = 0; i < RUNS; i++) await insertRun(dataSource, dataset);
    await dataSource.query(
      `INSERT INTO evaluations (run_id, step, network, subset, confusion, pixels, mean_iou)
       SELECT runs.id, at, 'BRANCH1', 'VAL', array_fill(123456::bigint, ARRAY[$2::int * $2::int]), 1, (at * 7 % 10) / 10.0
       FROM runs, generate_series(1, $1::int) at`,
      [EVALUATIONS, CLASSES],
    );
    await dataSource.query(
      `INSERT INTO run_scores (run_id, subset, network, newest_step, newest_mean_iou, best_step, best_mean_iou)
       SELECT id, 'VAL', 'BRANCH1', $1::int, 0, 7, 0.9 FROM runs`,
      [EVALUATIONS],
    );
    await dataSource.query(
      `INSERT INTO evaluation_images SELECT run_id, subset, network, step, ARRAY['image'], decode(repeat('0101', 20000), 'hex')
       FROM evaluations WHERE step IN (7, $1)`,
      [EVALUATIONS],
    );
  });

  it('with newest and best mIoU reads two rows more for each run, in two statements, and no confusion matrix', async () => {
    const bare = await statementsOf(page(''));
    const { statements, data } = await statementsOf(
      page('newest: evaluation { step meanIou } best: evaluation(pick: BEST) { step meanIou }'),
    );
    const { runs } = data as { runs: { edges: { node: object }[] } };
    expect(runs.edges.every(({ node }) => JSON.stringify(node).includes('"best":{"step":7,"meanIou":0.9}'))).toBe(true);
    expect(statements).toHaveLength(bare.statements.length + 2);
    const added = statements.filter(({ query }) => !bare.statements.some((other) => other.query === query));
    expect(added.map(({ rows }) => rows)).toEqual([RUNS, RUNS]);
    expect(added.filter(({ query }) => /confusion|counts/.test(query))).toEqual([]);
    // A row is an evaluation without its matrix, which alone would take 3 kB.
    expect(bytesOf(added) / (2 * RUNS)).toBeLessThan(500);
  });

  it('reads confusion matrices, and the counts of images, where they are asked for', async () => {
    const matrices = await statementsOf(page('evaluation { confusion }'));
    const read = matrices.statements.find(({ query }) => query.includes('confusion'))!;
    expect(read.rows).toBe(RUNS);
    expect(read.bytes / RUNS).toBeGreaterThan(CLASSES ** 2 * 6);
    expect(matrices.statements.filter(({ query }) => query.includes('evaluation_images'))).toEqual([]);
  });
});
