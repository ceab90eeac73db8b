import { describe, expect, it } from 'vitest';
import { toCondition, toSort, withoutArchived } from './run-filters.js';

const all = { study: '', state: '', method: '', tag: '', text: '', order: '' };
const path = (name: string, value: string | number | boolean) => ({ field: { path: name }, value });
const inName = (value: string) => ({ field: { path: 'name' }, op: 'CONTAINS', value });

describe('filters of the runs page', () => {
  it('match all runs when nothing is set', () => {
    expect(toCondition(all)).toEqual({ where: null, query: '' });
    const visible = { not: path('archived', true) };
    expect(withoutArchived(toCondition(all))).toEqual({ where: visible, query: '' });
    const seed = path('seed', 1);
    expect(withoutArchived({ where: seed, query: 'miou > 1%' })).toEqual({
      where: { and: [seed, visible] },
      query: 'miou > 1%',
    });
  });

  it('include each setting and split tags', () => {
    const set = { ...all, study: '7-a', state: 'FAILED', method: 'cps', tag: 'a, b  c', text: ' seed "3" ' };
    const tags = ['a', 'b', 'c'].map((tag) => path('tag', tag));
    const chosen = [path('studyId', '7-a'), path('state', 'FAILED'), path('method', 'cps')];
    expect(toCondition(set)).toEqual({ where: { and: [...chosen, ...tags, inName('seed "3"')] }, query: '' });
  });

  it.each(['cps', 'CPS, 1/8', 'cps and cutmix', 'test (old)', '열화상', 'resnet18 (seed'])(
    'look for %j in names',
    (text) => {
      expect(toCondition({ ...all, text })).toEqual({ where: { and: [inName(text)] }, query: '' });
    },
  );

  it('look for a number in names and numbers', () => {
    expect(toCondition({ ...all, text: '12' }).where).toEqual({
      and: [{ or: [inName('12'), path('number', 12)] }],
    });
  });

  it.each([
    'iou("traffic light") < 5%',
    'miou >',
    'miou is known',
    'method in (cps, cct)',
    'alarm',
    'alarm(takeover)',
    '  tag = x or seed = 1',
    'cps and alarm(drop)',
  ])('send %j as it is, as a filter', (text) => {
    expect(toCondition({ ...all, text })).toEqual({ where: null, query: text });
  });

  it('ignore invalid values from an edited URL', () => {
    expect(toCondition({ ...all, state: 'ODD' }).where).toBeNull();
    expect(toSort('ODD.DESC')).toBe('number desc');
    expect(toSort('NAME.ASC')).toBe('name');
  });
});
