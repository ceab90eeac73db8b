import { parseValue as literal } from 'graphql';
import { expect, it } from 'vitest';
import { GraphQLMetricValue } from './scalars.js';

const { parseValue, parseLiteral, serialize } = GraphQLMetricValue;

it.each([
  [1.5, 1.5],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
])('takes %j as a value of a metric', (given, value) => {
  expect(parseValue(given)).toBe(value);
  expect(parseLiteral(literal(JSON.stringify(given)))).toBe(value);
  expect(serialize(value)).toBe(given);
});

it.each(['1', 'nan', '', '__proto__', 'constructor', 'toString', null, true, [1], {}])('refuses %j', (given) => {
  expect(() => parseValue(given)).toThrow(/^MetricValue must be a number, "NaN", "Infinity" or "-Infinity"; got /);
});
