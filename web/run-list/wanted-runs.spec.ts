import { describe, expect, it } from 'vitest';
import type { RunRowFragment } from '../../schema/generated/web/graphql.js';
import { dependsOnProgress, placeOf } from './wanted-runs.js';

const all = { where: null, query: '', sort: 'number desc' };
const is = (path: string) => ({ field: { path }, value: 1 });

describe('a list of runs', () => {
  it('keeps its order while runs report, unless it depends on what they report', () => {
    expect(dependsOnProgress(all)).toBe(false);
    expect(dependsOnProgress({ ...all, sort: 'priority desc, name' })).toBe(false);
    expect(dependsOnProgress({ ...all, sort: 'miou desc' })).toBe(true);
    expect(dependsOnProgress({ ...all, query: 'step > 50' })).toBe(true);
    expect(dependsOnProgress({ ...all, where: { and: [is('state'), { not: is('archived') }] } })).toBe(false);
    expect(dependsOnProgress({ ...all, where: { and: [is('state'), { or: [is('step')] }] } })).toBe(true);
    expect(dependsOnProgress({ ...all, where: { field: { score: 'IOU', class: 'pole' }, value: 1 } })).toBe(true);
  });

  it('is read again when a run changes its place, and not when it only reports', () => {
    const run = { state: 'RUNNING', name: 'a', tags: [], step: 5, evaluation: null } as unknown as RunRowFragment;
    const reported = { ...run, step: 6, phase: 'EVALUATING' } as RunRowFragment;
    expect(placeOf(reported, false)).toBe(placeOf(run, false));
    expect(placeOf(reported, true)).not.toBe(placeOf(run, true));
    for (const change of [{ state: 'FAILED' }, { tags: ['x'] }, { archivedAt: '2026-01-01' }, { name: 'b' }]) {
      expect(placeOf({ ...run, ...change } as RunRowFragment, false)).not.toBe(placeOf(run, false));
    }
  });
});
