import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXPECTED, FILTER_MISTAKES } from '../../../schema/filter/reasons.js';
import { CONFIG_MISTAKES } from '../../../schema/problems/config-reasons.js';
import { filled, placeholdersIn } from '../../../schema/problems/message.js';
import { packageRoot } from '../../package-root.js';
import { testServer } from '../../testing/test-server.js';
import { HTTP_STATUS } from '../error-codes.js';
import { AppError, invalid, notFound, refusal } from '../errors.js';
import { REASONS, type Reason } from './all.js';
import { INPUT_MISTAKES, inputMistake, problemIn } from './problems.js';

const page = readFileSync(join(packageRoot, 'docs/api/errors.md'), 'utf8');
const all = Object.entries(REASONS) as [Reason, readonly [string, string]][];

describe('the reasons of errors', () => {
  it('are named once, in capitals, and have a code', () => {
    // A name in two tables would be lost where the tables are combined.
    const rows = [...page.matchAll(/^\| `([A-Z0-9_]+)` \| ([A-Z_]+) \| `.+` \|$/gm)].map(([, reason, code]) => [
      reason,
      code,
    ]);
    expect(rows).toEqual(all.map(([reason, [code]]) => [reason, code]));
    expect(all.length).toBeGreaterThan(100);
    const problems = [...page.matchAll(/^\| `([A-Z0-9_]+)` \| `.+` \|$/gm)].map(([, reason]) => reason);
    const tables = [INPUT_MISTAKES, CONFIG_MISTAKES, FILTER_MISTAKES, EXPECTED];
    expect(problems).toEqual(tables.flatMap((table) => Object.keys(table)));
  });

  it('are documented with all codes', () => {
    const codes = [...page.matchAll(/^\| ([A-Z_]+) \| .* \| \d{3} \|$/gm)].map(([, code]) => code);
    expect(codes).toEqual([
      ...Object.keys(HTTP_STATUS).filter((code) => codes.includes(code)),
      'INTERNAL_SERVER_ERROR',
    ]);
    expect(codes.length).toBe(Object.keys(HTTP_STATUS).length + 1);
  });

  it.each(all)('%s: the message has only what its parameters say', (reason, [code, message]) => {
    const params = Object.fromEntries(placeholdersIn(message).map((name, index) => [name, index]));
    const error = new AppError(reason, params);
    expect(error.extensions).toEqual({ code, reason, params });
    expect(error.message).toBe(filled(message, params));
    expect(error.message).not.toContain('%');
  });
});

describe('the parameters of an error', () => {
  it('do not compile if one is missing or unknown', () => {
    // @ts-expect-error: `state` is missing
    expect(refusal('RUN_NOT_CANCELABLE', { number: 1 }).message).toContain('undefined');
    // @ts-expect-error: there is no `name`
    refusal('RUN_NOT_CANCELABLE', { number: 1, state: 'QUEUED', name: 'x' });
    // @ts-expect-error: it has parameters
    refusal('TOKEN_ENDED');
    refusal('NO_QUERY');
  });

  it('are shown in the message, quoted where the template says so, and are of a bounded size', () => {
    expect(notFound('run', 'a"b').message).toBe('there is no run "a\\"b"');
    const { message } = refusal('OPERATION_UNKNOWN', { names: ['A', 'B'], name: 'C' });
    expect(message).toContain('(A, B)'.replace('A, B', '"A", "B"'));
    const { params } = notFound('run', 'x'.repeat(5000)).extensions as { params: { id: string } };
    expect(params.id.length).toBeLessThan(550);
    const names = new Array<string>(200).fill('x');
    expect((refusal('OPERATION_NAME_MISSING', { names }).extensions.params as { names: string[] }).names).toHaveLength(
      50,
    );
  });

  it('of an input with many mistakes include the list of them', () => {
    const problems = problemIn('name', inputMistake('LENGTH', { most: 3, value: 'long' }));
    expect(invalid('the run', problems).extensions).toEqual({
      code: 'BAD_USER_INPUT',
      reason: 'INPUT_INVALID',
      params: { what: 'the run', problems: 'name: must have 1 to 3 characters; got "long"' },
      problems,
    });
  });
});

describe('an error of the server', () => {
  const server = testServer();

  it.each<[string, object, string, object]>([
    ['{ nothing }', {}, 'DOCUMENT_INVALID', { error: 'Cannot query field "nothing" on type "Query".' }],
    ['{', {}, 'SYNTAX_ERROR', { error: expect.stringContaining('Expected Name') }],
    ['query ($id: ID!) { study(id: $id) { id } }', { id: {} }, 'VALUE_INVALID', { error: expect.any(String) }],
    ['{ runs(first: 0) { totalCount } }', {}, 'PAGE_SIZE', { field: 'first', max: 100, value: 0, cursor: 'after' }],
    ['{ run { id } }', {}, 'NONE_OF', { field: 'run', names: ['id', 'number'] }],
    [
      '{ runs(query: "sate = queued") { totalCount } }',
      {},
      'FILTER_INVALID',
      { argument: 'query', problem: expect.stringContaining('did you mean') },
    ],
    ['mutation { cancelRun(id: "x") { id } }', {}, 'NOT_FOUND', { type: 'run', id: 'x' }],
    ['mutation { createAccount(name: "admin") { id } }', {}, 'ACCOUNT_EXISTS', { name: 'admin' }],
  ])('has a reason and parameters: %s', async (query, variables, reason, params) => {
    const { errors } = await server.send(query, variables);
    expect(errors![0]!.extensions).toMatchObject({ code: REASONS[reason as Reason][0], reason, params });
  });

  it('has a reason and parameters for each of its problems', async () => {
    const filter = await server.send('{ runs(query: "sate = queued") { totalCount } }');
    expect(filter.errors![0]!.extensions).toMatchObject({
      character: 1,
      problems: [{ field: 'query', reason: 'UNKNOWN_FIELD', params: { name: 'sate', nearest: 'state' } }],
    });
    const config = { dataset: 'x'.repeat(9), split: { labelledRatio: 2 }, method: { name: 'cps' }, sed: 1 };
    const create = 'mutation ($input: CreateRunInput!) { createRun(input: $input) { id } }';
    const run = await server.send(create, { input: { config } });
    expect(run.errors![0]!.extensions).toMatchObject({
      reason: 'INPUT_INVALID',
      problems: [
        { field: 'split.labelledRatio', reason: 'TOO_BIG', params: { type: 'number', max: 1, value: '2' } },
        { field: 'sed', reason: 'UNKNOWN_KEY', params: { key: 'sed' } },
      ],
    });
  });
});
