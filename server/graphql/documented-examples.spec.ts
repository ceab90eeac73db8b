import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { getOperationAST, parse, validate } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DocExample } from '../../schema/doc-examples.js';
import { packageRoot } from '../package-root.js';
import { createSchema } from '../schema.js';
import { documentedExamples } from '../testing/documented.js';
import { datasetInput } from '../testing/results-fixtures.js';
import { testServer, USER_TOKEN } from '../testing/test-server.js';
import { sizeProblems } from './limits.js';

const server = testServer({ authRequired: true });
const schema = createSchema();
const examples = readdirSync(join(packageRoot, 'docs/api'))
  .filter((file) => file.endsWith('.md'))
  .flatMap((file) => documentedExamples(`api/${file}`))
  .map((example): [string, DocExample] => [`${example.page}: ${example.title}`, example]);

beforeAll(async () => {
  const classes = ['road', 'pole', 'traffic light'].map((name, i) => ({ name, color: `#80404${i}` }));
  const runner = await server.registerRunner({ datasets: [datasetInput({ classes })] });
  await server.createRun();
  const attempt = (await runner.claim())!;
  // Names of series and classes are checked against what is stored.
  const points = ['loss', 'loss_cross/branch1'].map((series) => ({ series, steps: [1, 2], values: [2, 1] }));
  await runner.report(attempt, { sequence: 1, step: 2, points });
});

/** The menu of the explorer shows these (web/pages/explorer). Specs of the features test what they return. */
describe('the examples of docs/api', () => {
  it('are on every page but those without any', () => {
    expect(new Set(examples.map(([, { page }]) => page))).toContain('Conventions');
    expect(new Set(examples.map(([name]) => name)).size).toBe(examples.length);
  });

  it.each(examples)(
    '%s is valid and not too large, and is executed without errors',
    async (_, { document, variables }) => {
      const parsed = parse(document);
      expect(validate(schema, parsed)).toEqual([]);
      const operation = getOperationAST(parsed)!;
      const given = JSON.parse(variables ?? '{}') as Record<string, unknown>;
      expect(sizeProblems(schema, parsed, operation, given)).toEqual([]);
      const lacking = operation.variableDefinitions?.some(
        ({ variable, defaultValue }) => !defaultValue && !(variable.name.value in given),
      );
      // What an example changes or follows, and where it needs an object that exists, is tested with its feature.
      if (operation.operation !== 'query' || lacking) return;
      const { errors } = await server.send(document, given, USER_TOKEN);
      expect(errors?.filter(({ extensions }) => extensions.code !== 'NOT_FOUND') ?? []).toEqual([]);
    },
  );
});
