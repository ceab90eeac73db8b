import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadLanguage } from '../messages/language.js';
import { age, bytes, dateTime, duration, grouped, percent, short, signedPoints, timeBetween } from './format.js';

beforeEach(() => loadLanguage('en'));
afterEach(() => loadLanguage('en'));

describe('formatted numbers', () => {
  it('prints shares as percentages and their differences as points', () => {
    expect([percent(0.7321), percent(0), percent(null)]).toEqual(['73.2', '0.0', '–']);
    expect([signedPoints(0.0132), signedPoints(-0.004), signedPoints(0.0001), signedPoints(null)]).toEqual([
      '+1.3',
      '−0.4',
      '±0.0',
      '–',
    ]);
  });

  it('keeps about four digits and names NaN and infinities', () => {
    expect([0, 0.123456, 12345.6, 0.000025, Number.NaN, Number.NEGATIVE_INFINITY].map(short)).toEqual([
      '0',
      '0.1235',
      '12346',
      '2.50e-5',
      'NaN',
      '−∞',
    ]);
  });

  it('prints durations in their two largest units', () => {
    expect([59.4, 61, 7500, 350_000, -3].map(duration)).toEqual(['59 s', '1 min 1 s', '2 h 5 min', '4 d 1 h', '0 s']);
    const at = '2026-01-01T00:00:00Z';
    const now = Date.parse('2026-01-01T00:05:30Z');
    expect(age(at, now)).toBe('5 min ago');
    expect(timeBetween(at, null, now)).toBe('5 min 30 s');
    expect(timeBetween(at, '2026-01-01T00:00:30Z', now)).toBe('30 s');
  });

  it('prints numbers and times as the language does', async () => {
    expect([grouped(1234567), duration(7500)]).toEqual(['1,234,567', '2 h 5 min']);
    expect(dateTime('2026-12-01T12:00:00Z')).toMatch(/^Dec 1, 2026, \d+:\d\d\s[AP]M$/);
    await loadLanguage('ko');
    expect([grouped(1234567), duration(7500), percent(0.5)]).toEqual(['1,234,567', '2시간 5분', '50.0']);
    expect(dateTime('2026-12-01T12:00:00Z')).toMatch(/^2026\. 12\. 1\. (오[전후]|[AP]M)\s\d+:\d\d$/);
    const now = Date.parse('2026-01-01T00:05:30Z');
    expect(age('2026-01-01T00:00:00Z', now)).toBe('5분 전');
  });

  it('prints bytes in binary units', () => {
    expect([12, 2048, 150_000_000_000].map(bytes)).toEqual(['12 B', '2.0 KiB', '139.7 GiB']);
  });
});
