import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../package-root.js';
import { documentedExamples } from '../testing/documented.js';
import { datasetInput } from '../testing/results-fixtures.js';
import { type TestRunner, testServer } from '../testing/test-server.js';
import { RUN_FIELDS } from './filter/run-fields.js';

const server = testServer();
let runner: TestRunner;

const CLASSES = ['road', 'pole', 'traffic light', 'sky'].map((name) => ({ name, color: '#102030' }));

/** A completed run. The pole is found `right` of 8 times, and otherwise taken for road. */
async function evaluated(config: object, name: string, right: number, loss: number | 'NaN'): Promise<void> {
  await server.createRun({ name }, { network: { backbone: 'resnet50' }, ...config });
  const attempt = (await runner.claim())!;
  const confusion = new Array<number>(CLASSES.length ** 2).fill(0);
  confusion[0] = 6;
  confusion[CLASSES.length] = 8 - right;
  confusion[CLASSES.length + 1] = right;
  const evaluation = { step: 1000, network: 'BRANCH1', subset: 'VAL', confusion };
  await runner.report(attempt, {
    ...{ sequence: 1, step: 1000, evaluations: [evaluation, { ...evaluation, subset: 'TEST' }] },
    points: ['loss', 'loss_cross/branch1'].map((series) => ({ series, steps: [1000], values: [loss] })),
  });
  await runner.finish(attempt, 'SUCCEEDED');
  await server.database.dataSource.query(`UPDATE runs SET started_at = '2026-11-30T09:00:00Z' WHERE id = $1`, [
    attempt.runId,
  ]);
}

beforeAll(async () => {
  runner = await server.registerRunner({ datasets: [datasetInput({ classes: CLASSES })] });
  await evaluated({ seed: 0 }, 'CPS, seed 0', 2, 0.5);
  await evaluated({ seed: 1 }, 'CPS, seed 1', 4, 'NaN');
  await evaluated({ seed: 0, method: { name: 'supervised' } }, 'supervised, seed 0', 2, 0.25);
});

it.each(['filter.md', 'runs.md'])(
  'the examples in docs/api/%s work, and give the answers that they show',
  async (page) => {
    const examples = documentedExamples(`api/${page}`);
    expect(examples.length).toBeGreaterThan(1);
    for (const { document, variables, answer } of examples) {
      const data = await server.ask(document, JSON.parse(variables ?? '{}'));
      if (answer !== null) expect(data, document).toEqual(JSON.parse(answer));
    }
  },
);

it('docs/api/filter.md names every field', () => {
  const text = readFileSync(join(packageRoot, 'docs/api/filter.md'), 'utf8');
  expect([...RUN_FIELDS.keys()].filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

it('the conditions in docs/api/filter.md are valid', async () => {
  const text = readFileSync(join(packageRoot, 'docs/api/filter.md'), 'utf8');
  const table = /## What can be compared\n([\s\S]+?)\n\n/.exec(text)![1]!;
  const conditions = [...table.matchAll(/`([^`]+)`/g)].map(([, condition]) => condition!);
  expect(conditions.length).toBeGreaterThan(15);
  for (const query of conditions) {
    const { errors } = await server.send('query ($query: String) { runs(query: $query) { totalCount } }', { query });
    expect(errors, query).toBeUndefined();
  }
});
