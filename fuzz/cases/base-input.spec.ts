import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { expect, it } from 'vitest';
import { inputsWithoutValue } from './base-input.js';
import { operationsOf } from './operations.js';

it('every argument of the schema and every field of its inputs has a valid value', () => {
  const schema = buildSchema(readFileSync(join(process.cwd(), 'schema/schema.graphql'), 'utf8'));
  const missing = new Set(operationsOf(schema).flatMap(inputsWithoutValue));
  expect([...missing], 'add a valid value for each to fuzz/cases/base-values.ts').toEqual([]);
});

it('an input without a value is found, wherever it is', () => {
  const schema = buildSchema(`
    type Query { run(id: ID!, unheardOf: Float, kind: Kind): Int }
    type Mutation { create(input: Input!): Int }
    enum Kind { A }
    input Input { name: String inner: [Inner!] }
    input Inner { alsoUnheardOf: [Int!] isFine: Boolean }
  `);
  expect(operationsOf(schema).flatMap(inputsWithoutValue)).toEqual(['run.unheardOf', 'Inner.alsoUnheardOf']);
});
