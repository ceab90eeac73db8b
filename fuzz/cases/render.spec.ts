import { buildSchema, parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { operationsOf } from './operations.js';
import { render } from './render.js';
import { HOSTILE_VALUES } from './values.js';

const schema = buildSchema(`
  type Query { run(id: ID!): Run }
  type Mutation { create(input: Input!): Run! }
  type Run { id: ID! log(last: Int!, levels: [Level!]): [Line!]! lines: [Line!]! }
  type Line { text: String! }
  enum Level { DEBUG INFO }
  input Input { name: String! levels: [Level!] point: Point any: Any }
  input Point { x: Float }
  scalar Any
`);
const [, create, log] = operationsOf(schema);
const input = { name: 'a "name"', levels: ['INFO'], point: { x: 1.5 }, any: { deep: [1, 'INFO'] } };
const named = (name: string) => HOSTILE_VALUES.find((value) => value.name === name)!;

it('writes valid input as variables and as literals', () => {
  expect(render(create!, { input }, 'variables', null)).toEqual({
    document: 'mutation Fuzz($input: Input!) { create(input: $input) { id lines { text } } }',
    variables: JSON.stringify({ input }).replaceAll('":', '": ').replaceAll(',"', ', "'),
  });
  const { document, variables } = render(create!, { input }, 'literals', null);
  expect(document).toContain(
    '(input: {name: "a \\"name\\"", levels: [INFO], point: {x: 1.5}, any: {deep: [1, "INFO"]}})',
  );
  expect(variables).toBe('{}');
  expect(validate(schema, parse(document))).toEqual([]);
});

it('reaches a nested field with the arguments on the way', () => {
  const { document } = render(log!, { run_id: 'x', last: 5, levels: ['INFO'] }, 'variables', null);
  expect(document).toBe(
    'query Fuzz($run_id: ID!, $last: Int!, $levels: [Level!]) ' +
      '{ run(id: $run_id) { log(last: $last, levels: $levels) { text } } }',
  );
  expect(validate(schema, parse(document))).toEqual([]);
});

it('replaces one value, and leaves the others', () => {
  const replaced = (form: 'variables' | 'literals', value: string, ...path: (string | number)[]) => {
    const { document, variables } = render(create!, { input }, form, { path, value: named(value) });
    return form === 'variables' ? variables : document;
  };
  expect(replaced('variables', 'infinity', 'input', 'point', 'x')).toContain('"point": {"x": 1e999}');
  expect(replaced('variables', 'a lone high surrogate', 'input', 'name')).toContain('"name": "a\\ud800b", "levels"');
  expect(replaced('variables', 'left out', 'input', 'levels', 0)).toContain('"levels": []');
  expect(replaced('variables', 'left out', 'input', 'name')).toMatch(/^\{"input": \{"levels"/);
  expect(replaced('variables', 'null', 'input')).toBe('{"input": null}');
  expect(replaced('literals', 'infinity', 'input', 'point', 'x')).toContain('point: {x: 1e999}');
  expect(replaced('literals', 'NaN', 'input', 'point', 'x')).toContain('point: {x: NaN}');
  expect(replaced('literals', 'an object with __proto__', 'input', 'any')).toContain(
    'any: {__proto__: {polluted: true}',
  );
  expect(replaced('literals', 'left out', 'input')).toContain('{ create { id');
});

it('sends every hostile value as JSON and as GraphQL, if GraphQL can express it', () => {
  for (const value of HOSTILE_VALUES.filter(({ heavy }) => !heavy)) {
    const place = { path: ['input', 'any'], value };
    const { variables } = render(create!, { input }, 'variables', place);
    expect(() => JSON.parse(variables), value.name).not.toThrow();
    const { document } = render(create!, { input }, 'literals', place);
    expect(document, value.name).toMatch(/^mutation Fuzz \{ create\(input: \{name/);
  }
});
