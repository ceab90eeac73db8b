import { beforeAll, expect, it } from 'vitest';
import { documentedExamples, variablesFor } from '../testing/documented.js';
import { datasetInput } from '../testing/results-fixtures.js';
import { testServer } from '../testing/test-server.js';
import { trainedRun } from '../testing/trained-run.js';

/** Every example of docs/api/studies.md, on a server that has what it asks for. */
const server = testServer();
const { dataSource } = server.database;
const variables: Record<string, string> = {};

const SCORES: Record<string, number> = {
  'supervised 0.125 0': 0.6,
  'supervised 0.125 1': 0.61,
  'supervised 0.125 2': 0.62,
  'cps 0.125 0': 0.65,
  'cps 0.125 1': 0.66,
  'cps 0.125 2': 0.67,
  'supervised 0.25 0': 0.74,
  'supervised 0.25 1': 0.76,
  'cps 0.25 0': 0.76,
};

beforeAll(async () => {
  const classes = ['road', 'pole', 'sky'].map((name) => ({ name, color: '#102030' }));
  await server.registerRunner({ datasets: [datasetInput({ classes })] });
  const { createStudy } = await server.ask(
    'mutation ($input: CreateStudyInput!) { createStudy(input: $input) { id } }',
    {
      input: {
        name: 'CPS at two ratios',
        base: { dataset: 'shapes', network: { backbone: 'resnet50' } },
        matrix: { methods: [{ name: 'supervised' }, { name: 'cps' }], labelledRatios: [0.125, 0.25], seeds: [0, 1, 2] },
      },
    },
  );
  variables.study = createStudy.id;
  const runs = await dataSource.query<{ id: string; key: string }[]>(
    `SELECT id, method || ' ' || (config #>> '{split,labelledRatio}') || ' ' || seed AS key FROM runs ORDER BY number`,
  );
  for (const { id, key } of runs) {
    if (key in SCORES) await trainedRun(dataSource, id, SCORES[key]!);
    else if (key === 'supervised 0.25 2') await trainedRun(dataSource, id, null, { state: 'FAILED' });
    else if (key === 'cps 0.25 2') await dataSource.query('DELETE FROM runs WHERE id = $1', [id]);
    await dataSource.query(
      `INSERT INTO series (run_id, name, last_value) SELECT $1, 'loss', 0.5 FROM runs WHERE id = $1`,
      [id],
    );
  }
  variables.baseline = runs.find(({ key }) => key === 'cps 0.125 0')!.id;
});

it('the examples in docs/api/studies.md work, and give the answers that they show', async () => {
  const examples = documentedExamples('api/studies.md');
  expect(examples).toHaveLength(13);
  for (const { document, answer } of examples) {
    const data = await server.ask(document, variablesFor(document, variables));
    if (answer !== null) expect(rounded(data), document).toEqual(JSON.parse(answer));
  }
});

/** Means have rounding errors in their last digits. */
const rounded = (answer: unknown): unknown =>
  JSON.parse(JSON.stringify(answer), (_, value) => (typeof value === 'number' ? +value.toFixed(10) : value));
