import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DocumentNode,
  getNamedType,
  isIntrospectionType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Context } from '../context.js';
import { packageRoot } from '../package-root.js';
import { createSchema } from '../schema.js';
import { Budget } from './budget.js';
import { isListOf } from './charge-lists.js';
import { isMeasured, namedPlaces } from './cost.js';
import { sizeProblems } from './limits.js';

const schema = createSchema();
const fields = Object.values(schema.getTypeMap())
  .filter((type) => isObjectType(type) && !isIntrospectionType(type))
  .flatMap((type) => (isObjectType(type) ? Object.values(type.getFields()) : []).map((field) => ({ type, field })))
  .map(({ type, field }) => ({ place: `${type.name}.${field.name}`, field }));
const lists = fields.filter(({ field }) => isListOf(field.type));

describe('a list of the schema', () => {
  it('is a page, or has a length that the cost rule knows', () => {
    const pages = fields
      .filter(({ field }) => field.args.some(({ name }) => name === 'first'))
      .map(({ field }) => `${getNamedType(field.type).name}.edges`);
    const unmeasured = lists.filter(({ place, field }) => !pages.includes(place) && !isMeasured(field, place));
    expect(unmeasured.map(({ place }) => place)).toEqual([]);
  });

  it('is not read once the budget of the operation is used up', () => {
    const budget = new Budget();
    expect(() => budget.spend(2_000_000)).toThrow();
    const read = lists.filter(({ field }) => {
      // The budget is all of the context that a list may need before it is refused.
      const resolve = () => field.resolve!({}, {}, { budget } as Context, {} as never);
      try {
        resolve();
        return true;
      } catch (error) {
        return !(error as Error).message.startsWith('the operation reads more than');
      }
    });
    expect(read.map(({ place }) => place)).toEqual([]);
  });

  it('counts in the budget, numbers as they are and objects as several', () => {
    const spent = (place: string, items: unknown[]) => {
      const budget = new Budget(undefined, 1000);
      const { field } = lists.find((each) => each.place === place)!;
      field.resolve!({ [field.name]: items }, {}, { budget } as Context, { fieldName: field.name } as never);
      return 1000 - budget.numbers;
    };
    expect(spent('MetricHistory.steps', [1, 2, 3])).toBe(3);
    expect(spent('Dataset.classes', [{}, {}, {}])).toBe(15);
  });

  it('is named by the cost rule only if it exists', () => {
    const places = fields.map(({ place }) => place);
    expect(namedPlaces().filter((place) => !places.includes(place))).toEqual([]);
  });
});

describe('the documents of our own clients', () => {
  /** More than any of them asks for. */
  const most = { first: 100, last: 5000, maxPoints: 1000, runIds: new Array(50), names: new Array(5) };
  const folder = join(packageRoot, 'schema/operations');
  const sources = readdirSync(folder).map((client) => {
    const files = readdirSync(join(folder, client)).filter((file) => file.endsWith('.graphql'));
    return files.map((file) => readFileSync(join(folder, client, file), 'utf8')).join('\n');
  });
  const operations = sources
    .map((source) => parse(source))
    .flatMap((document) =>
      document.definitions.flatMap((each): [string, DocumentNode, OperationDefinitionNode][] =>
        each.kind === Kind.OPERATION_DEFINITION ? [[each.name!.value, document, each]] : [],
      ),
    );

  it.each(operations)('are not too large: %s', (_, document, operation) => {
    expect(sizeProblems(schema, document, operation, most)).toEqual([]);
  });
});
