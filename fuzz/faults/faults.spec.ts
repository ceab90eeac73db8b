import { expect, it } from 'vitest';
import { type Answer, parseGraphql } from '../transports/answer.js';
import { faultsOf, generalised } from './faults.js';

const answer = (changes: Partial<Answer>): Answer => {
  const text = changes.text ?? '{"data":{}}';
  return { status: 200, closed: null, failure: null, milliseconds: 1, text, graphql: parseGraphql(text), ...changes };
};
const error = (message: string, extensions: object = { code: 'BAD_USER_INPUT' }) =>
  answer({ text: JSON.stringify({ errors: [{ message, extensions }] }) });
const kinds = (given: Answer, rules = { graphql: true, mayBeCut: false }) =>
  faultsOf(given, rules).map(({ kind }) => kind);

it('finds nothing wrong with data, and with an error that has a code', () => {
  expect(kinds(answer({}))).toEqual([]);
  expect(kinds(error('first must be between 1 and 100; got 0'))).toEqual([]);
});

it.each([
  ['server error', answer({ status: 500 })],
  ['server error', answer({ status: 503 })],
  ['masked internal error', error('internal server error', { code: 'INTERNAL_SERVER_ERROR' })],
  ['no answer', answer({ status: null, text: '', failure: 'socket hang up' })],
  ['socket closed with an internal error', answer({ status: null, text: '', closed: 4500 })],
  ['answer that is not GraphQL', answer({ text: '<html>' })],
  ['answer that is not GraphQL', answer({ text: '{"error": "x"}' })],
  ['error without a code', error('x', {})],
  ['internals in an answer', error('x', { code: 'FORBIDDEN', http: { status: 403 } })],
  ['internals in an answer', error("ENOENT: no such file, stat '/srv/app/dist/server/x.js'")],
  ['internals in an answer', error('Error: x\n    at Query.run (file.js:1:2)')],
  ['error that echoes its input', error('x'.repeat(5000))],
] as const)('finds %s', (kind, given) => {
  expect(kinds(given)).toEqual([kind]);
});

it('accepts a connection that is cut, and answers of other kinds, where they are right', () => {
  const cut = answer({ status: null, text: '', failure: 'write EPIPE' });
  expect(kinds(cut, { graphql: true, mayBeCut: true })).toEqual([]);
  expect(kinds(answer({ text: 'Not Found', status: 404 }), { graphql: false, mayBeCut: false })).toEqual([]);
});

it('describes faults alike in the same words', () => {
  const [one, other] = ['there is no run "5d2", got 1e99 in 7 ms', 'there is no run "x", got -3 in 12 ms'];
  expect(generalised(one!)).toBe(generalised(other!));
  expect(generalised('invalid value [[1]]; x')).toBe(generalised('invalid value [null, {}]'));
});
