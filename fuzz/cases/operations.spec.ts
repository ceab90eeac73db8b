import { buildSchema, parse } from 'graphql';
import { expect, it } from 'vitest';
import { operationsOf } from './operations.js';
import { slotsOf } from './slots.js';

const schema = buildSchema(`
  type Query { runs(first: Int!): [Run!]! run(id: ID!): Run server: String! }
  type Mutation { create(input: Input!): Run! }
  type Subscription { changed(id: ID): Run! }
  type Run { id: ID! log(last: Int!): String! study: Study }
  type Study { runs(filter: Filter): [Run!]! }
  input Input { name: String! points: [Point!] }
  input Point { steps: [Int!]! }
  input Filter { search: String }
`);
const operations = operationsOf(schema);
const named = (name: string) => operations.find((operation) => operation.name === name)!;

it('finds every root field, and every field with arguments that a query reaches', () => {
  expect(operations.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'query runs',
    'query run',
    'query server',
    'mutation create',
    'subscription changed',
    'query Run.log',
    'query Study.runs',
  ]);
});

it('reaches a nested field through a single object rather than a list, with the arguments on the way', () => {
  const names = named('Study.runs').steps.map(({ field }) => field.name);
  expect(names).toEqual(['run', 'study', 'runs']);
  const variables = named('Study.runs').steps.flatMap((step) =>
    step.arguments.map(({ key, variable }) => [key, variable]),
  );
  expect(variables).toEqual([
    ['run.id', 'run_id'],
    ['Study.runs.filter', 'filter'],
  ]);
});

it('has a place for every argument, field of an input and entry of a list', () => {
  const places = slotsOf(named('create')).map(({ name, key }) => `${name} ${key}`);
  expect(places).toEqual([
    'input create.input',
    'input.name Input.name',
    'input.points Input.points',
    'input.points.0 Input.points[]',
    'input.points.0.steps Point.steps',
    'input.points.0.steps.0 Point.steps[]',
  ]);
  expect(slotsOf(named('Study.runs')).map(({ name }) => name)).toEqual(['filter', 'filter.search']);
});

it('selects what a runner selects of the operations that it calls, and otherwise as much as is cheap', () => {
  const runners = parse('mutation Create($input: Input!) { create(input: $input) { id } }');
  const [runs, run, server, create] = operationsOf(schema, runners);
  expect(create!.selection).toBe('{ id }');
  expect(runs!.selection).toBe('{ id }');
  expect(run!.selection).toBe('{ id study { runs { id } } }');
  expect(server!.selection).toBe('');
});
