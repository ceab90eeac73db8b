import { CombinedError } from 'urql';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadLanguage } from '../messages/language.js';
import { explain, fieldProblems, needsToken, problemsOf } from './errors.js';

beforeAll(() => loadLanguage('en'));

const refused = new CombinedError({
  graphQLErrors: [
    {
      message: 'split.labelledRatio: Too big; got 2',
      extensions: {
        code: 'BAD_USER_INPUT',
        problems: [{ field: 'split.labelledRatio', message: 'Too big; got 2' }],
      },
    },
  ],
});

describe('errors of the API', () => {
  it('finds the problems of a field by its path', () => {
    const problems = fieldProblems(refused);
    expect(problemsOf(problems, 'split.labelledRatio')).toHaveLength(1);
    expect(problemsOf(problems, 'labelledRatio')).toHaveLength(1);
    expect(problemsOf(problems, 'split.labelled')).toHaveLength(0);
    expect(problemsOf([{ field: 'matrix.seeds.0', message: '' }], 'matrix.seeds')).toHaveLength(1);
  });

  it('distinguishes a missing token from other errors', () => {
    expect(needsToken(refused)).toBe(false);
    const unknown = new CombinedError({
      graphQLErrors: [{ message: 'a user token is needed', extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(needsToken(unknown)).toBe(true);
  });

  it("uses the server's message when there is one", () => {
    expect(explain(refused)).toBe('split.labelledRatio: Too big; got 2');
    const unreachable = new CombinedError({ networkError: new TypeError('fetch failed') });
    expect(explain(unreachable)).toMatch(/^Cannot reach the server\. This page updates automatically/);
    expect(explain(unreachable, true)).toMatch(/What you typed is kept: press again when the server is back\.$/);
  });
});
