import { beforeAll, describe, expect, it } from 'vitest';
import { modules } from '../modules.js';
import { createSchema } from '../schema.js';
import { type Statement, StatementCounter } from '../testing/counted-statements.js';
import { insertDataset, insertRun } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';

const database = testDatabase();
const { dataSource } = database;
const schema = createSchema(modules);
const RUNS = 100;
const EVALUATIONS = 20;
const CLASSES = 20;

const counter = new StatementCounter(schema, database);
const statementsOf = (source: string) => counter.of(source);

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
