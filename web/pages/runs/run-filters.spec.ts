import { describe, expect, it } from 'vitest';
import { toFilter, toOrder } from './run-filters.js';

const all = { study: '', state: '', method: '', tag: '', text: '', order: '' };

describe('filters of the runs page', () => {
  it('match all runs when nothing is set', () => {
    expect(toFilter(all)).toEqual({});
  });

  it('include each setting and split tags', () => {
    expect(toFilter({ ...all, study: '7', state: 'FAILED', method: 'cps', tag: 'a, b  c', text: ' seed 3 ' })).toEqual({
      studyId: '7',
      states: ['FAILED'],
      methods: ['cps'],
      tags: ['a', 'b', 'c'],
      search: 'seed 3',
    });
  });

  it('ignore invalid values from an edited URL', () => {
    expect(toFilter({ ...all, state: 'ODD' })).toEqual({});
    expect(toOrder('ODD.DESC')).toEqual({ field: 'CREATED_AT', direction: 'DESC' });
    expect(toOrder('NAME.ASC')).toEqual({ field: 'NAME', direction: 'ASC' });
  });
});
