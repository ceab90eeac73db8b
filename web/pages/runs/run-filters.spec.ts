import { describe, expect, it } from 'vitest';
import { ofStudy, toQuery, toSort, withoutArchived } from './run-filters.js';

const all = { study: '', state: '', method: '', tag: '', text: '', order: '' };

describe('filters of the runs page', () => {
  it('match all runs when nothing is set', () => {
    expect(toQuery(all)).toBe('');
    expect(withoutArchived('')).toBe('not archived');
    expect(withoutArchived('seed = 1 or seed = 2')).toBe('(seed = 1 or seed = 2) and not archived');
  });

  it('include each setting and split tags', () => {
    expect(toQuery({ ...all, study: '7-a', state: 'FAILED', method: 'cps', tag: 'a, b  c', text: ' seed "3" ' })).toBe(
      'studyId = 7-a and state = FAILED and method = cps and tag = a and tag = b and tag = c and name contains "seed \\"3\\""',
    );
    expect(toQuery({ ...all, text: '12' })).toBe('name contains "12" or number = 12');
    expect(toQuery({ ...all, tag: 'x', text: '12' })).toBe('tag = x and (name contains "12" or number = 12)');
    expect(ofStudy('b9b7a2f4-57bb-4c4e-9d4e-0a3b2c1d4e5f')).toBe('studyId = b9b7a2f4-57bb-4c4e-9d4e-0a3b2c1d4e5f');
  });

  it('ignore invalid values from an edited URL', () => {
    expect(toQuery({ ...all, state: 'ODD' })).toBe('');
    expect(toSort('ODD.DESC')).toBe('number desc');
    expect(toSort('NAME.ASC')).toBe('name');
  });
});
