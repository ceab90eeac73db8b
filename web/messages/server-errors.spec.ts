import { IntlMessageFormat } from 'intl-messageformat';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import ko from './ko-server.js';
import { loadLanguage } from './language.js';
import { problemMessage, serverError } from './server-errors.js';

const PAGE = import.meta.glob<string>('../../docs/api/errors.md', { query: '?raw', import: 'default', eager: true });
const [page = ''] = Object.values(PAGE);

/** The messages of a table of the documentation, which the server's own texts are printed into, by their reason. */
function documented(heading: string): Map<string, string> {
  const section = page.split(/^## /m).find((each) => each.startsWith(heading))!;
  const rows = section.matchAll(/^\| `([A-Z_0-9]+)` \|(?: [A-Z_]+ \|)? `+(.*?)`+ \|$/gm);
  return new Map([...rows].map(([, reason, message]) => [reason!, message!]));
}

const names = (message: string) => new Set([...message.matchAll(/\{"?(\w+)"?\}/g)].map(([, name]) => name!));
/** Placeholders of a translation that the server's message does not have. */
const foreign = (translated: string, message: string) =>
  [...names(translated)].filter((name) => !names(message).has(name));

const reasons = new Map(['Requests', 'Access', 'Values', 'Objects'].flatMap((heading) => [...documented(heading)]));
const input = new Map([...documented('Problems in an input'), ...documented('Problems in a configuration')]);
const filter = documented('Problems in a filter');

describe('the server’s errors in Korean', () => {
  beforeAll(() => loadLanguage('ko'));
  afterAll(() => loadLanguage('en'));

  it('have reasons that the server knows, and no parameters that it does not send', () => {
    expect([reasons.size, input.size, filter.size].every((size) => size > 30)).toBe(true);
    for (const [reason, message] of Object.entries(ko.reasons)) {
      expect([reason, foreign(message, reasons.get(reason) ?? '')]).toEqual([reason, []]);
      expect(reasons.has(reason)).toBe(true);
    }
    for (const [key, message] of Object.entries(ko.problems)) {
      const [table, reason] = key.split('.') as [string, string];
      const original = { input, filter }[table]?.get(reason);
      if (table !== 'input' && table !== 'filter') continue;
      expect([key, original === undefined, foreign(message, original ?? '')]).toEqual([key, false, []]);
    }
  });

  it('include every problem that people can make in a configuration or a filter', () => {
    const missing = [...documented('Problems in a configuration').keys()].filter(
      (each) => !Object.hasOwn(ko.problems, `input.${each}`),
    );
    expect(missing).toEqual([]);
    expect([...filter.keys()].filter((each) => !Object.hasOwn(ko.problems, `filter.${each}`))).toEqual([]);
    const expected = documented('What a filter should have');
    expect(expected.size).toBeGreaterThan(5);
    expect([...expected.keys()].filter((each) => !Object.hasOwn(ko.problems, `expected.${each}`))).toEqual([]);
  });

  it('are well-formed', () => {
    for (const message of [...Object.values(ko.reasons), ...Object.values(ko.problems)]) {
      expect(() => new IntlMessageFormat(message, 'ko')).not.toThrow();
    }
  });

  it('are filled in with what the server sends', () => {
    const message = 'run 7 is COMPLETED: only a QUEUED or RUNNING run can be canceled';
    expect(serverError({ message, reason: 'RUN_NOT_CANCELABLE', params: { number: 7, state: 'COMPLETED' } })).toBe(
      '실행 7은(는) COMPLETED 상태입니다. QUEUED 또는 RUNNING 상태인 실행만 취소할 수 있습니다',
    );
    const problem = {
      field: 'split.labelledRatio',
      message: 'Too big: expected number to be <=1; got 2',
      reason: 'TOO_BIG',
      params: { type: 'number', max: 1, value: '2' },
    };
    expect(problemMessage(problem)).toBe('1 이하여야 합니다. 받은 값: 2');
    const unknown = { name: 'trainig', nearest: 'training', known: null };
    expect(problemMessage({ field: '', message: '', reason: 'UNKNOWN_FIELD', params: unknown }, 'filter')).toBe(
      '"trainig"을(를) 알 수 없습니다. 혹시 "training"인가요?',
    );
  });

  it('are the server’s own where there is no translation, or a parameter is missing', () => {
    expect(serverError({ message: 'in English', reason: 'A_NEW_REASON' })).toBe('in English');
    expect(serverError({ message: 'in English', reason: 'RUN_NOT_CANCELABLE', params: {} })).toBe('in English');
    expect(serverError({ message: 'in English' })).toBe('in English');
  });
});
