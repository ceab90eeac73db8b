import { describe, expect, it } from 'vitest';
import { comparableGroups, gainOverSupervised, isBest, type StudyRow } from './study-statistics.js';

function row(method: string, mean: number | null, splitHash: string | null = 'a', splitLabel = '1/8'): StudyRow {
  const meanIou = mean === null ? null : { __typename: 'Statistic' as const, mean, std: null, n: 1 };
  const n = mean === null ? 0 : 1;
  return {
    __typename: 'StudyRow',
    dataset: 'shapes',
    method,
    variant: null,
    methodLabel: method,
    splitLabel,
    settingsLabel: '',
    backbone: 'resnet18',
    splitHash,
    unlabelledList: null,
    n,
    completed: n > 0,
    runs: [],
    meanIou,
    rareMeanIou: null,
    pixelAccuracy: null,
    frequencyWeightedIou: null,
    classIous: [meanIou],
  };
}

describe('the statistics of a study', () => {
  it('never compare rows with different labelled images', () => {
    const groups = comparableGroups([row('supervised', 0.5), row('cps', 0.6, 'b'), row('cps_cutmix', 0.7)]);
    expect(groups.map(({ rows }) => rows.map(({ method }) => method))).toEqual([['supervised', 'cps_cutmix'], ['cps']]);
  });

  it('never compare rows with different unlabelled images', () => {
    const listed = { ...row('cps', 0.6), unlabelledList: 'rest.txt' };
    expect(comparableGroups([row('supervised', 0.5), listed])).toMatchObject([
      { unlabelledList: null, rows: [{ method: 'supervised' }] },
      { unlabelledList: 'rest.txt', rows: [{ method: 'cps' }] },
    ]);
  });

  it('never compare rows with different settings', () => {
    const longer = { ...row('cps', 0.6), settingsLabel: 'training.iterations 9000' };
    expect(comparableGroups([row('supervised', 0.5), longer]).map(({ settingsLabel }) => settingsLabel)).toEqual([
      '',
      'training.iterations 9000',
    ]);
  });

  it('put rows without a split last', () => {
    const groups = comparableGroups([row('supervised', null, null), row('cps', 0.6)]);
    expect(groups.map(({ splitHash }) => splitHash)).toEqual(['a', null]);
  });

  it('give the gain over the supervised row, and none without one', () => {
    const [group] = comparableGroups([row('supervised', 0.5), row('cps', 0.62), row('cps_cutmix', null)]);
    const gains = group!.rows.map((each) => gainOverSupervised(each, group!));
    expect(gains[0]).toBeNull();
    expect(gains[1]).toBeCloseTo(0.12);
    expect(gains[2]).toBeNull();
    const [alone] = comparableGroups([row('cps', 0.62)]);
    expect(gainOverSupervised(alone!.rows[0]!, alone!)).toBeNull();
  });

  it('give the gain of a variant over supervised training without one', () => {
    const sampling = { ...row('supervised', 0.53), variant: 'sampling', methodLabel: 'Supervised + sampling' };
    const [group] = comparableGroups([row('supervised', 0.5), sampling, { ...row('cps', 0.62), variant: 'sampling' }]);
    const gains = group!.rows.map((each) => gainOverSupervised(each, group!));
    expect(gains[0]).toBeNull();
    expect(gains[1]).toBeCloseTo(0.03);
    expect(gains[2]).toBeCloseTo(0.12);
  });

  it('give no gain when either row has no completed run', () => {
    const [supervised, cps] = [row('supervised', 0.5), row('cps', 0.62)];
    const gain = (rows: [StudyRow, StudyRow]) => gainOverSupervised(rows[1], comparableGroups(rows)[0]!);
    expect(gain([supervised, cps])).toBeCloseTo(0.12);
    expect(gain([{ ...supervised, completed: false }, cps])).toBeNull();
    expect(gain([supervised, { ...cps, completed: false }])).toBeNull();
  });

  it('mark the highest value of a column, including ties, but never the only value', () => {
    const marks = (...means: (number | null)[]) => marked(means.map((mean) => row('cps', mean)));
    expect(marks(0.5, 0.6)).toEqual([false, true]);
    expect(marks(0.6, 0.6)).toEqual([true, true]);
    expect(marks(0, 0)).toEqual([false, false]);
    expect(marks(0.6, null)).toEqual([false, false]);
  });

  it('mark only rows with completed runs', () => {
    const ahead = { ...row('cps_cutmix', 0.7), completed: false };
    expect(marked([row('supervised', 0.5), row('cps', 0.6), ahead])).toEqual([false, true, false]);
    expect(marked([row('cps', 0.6), ahead])).toEqual([false, false]);
  });
});

/** The rows of a group that are marked as best by mIoU. */
function marked(rows: StudyRow[]): boolean[] {
  const group = comparableGroups(rows)[0]!;
  return group.rows.map((each) => isBest(each, group, ({ meanIou }) => meanIou));
}
