import { beforeAll, describe, expect, it } from 'vitest';
import { loadLanguage } from '../messages/language.js';
import { addPoints, fromWire, groupByChart, mergeHistories, mergeHistory, seriesLabel, smooth } from './history.js';

beforeAll(() => loadLanguage('en'));

const history = { name: 'loss', steps: [5, 10, 15], values: [3, 2, 1] };

describe('metric histories', () => {
  it('appends newer points and replaces points that are reported again', () => {
    expect(mergeHistory(history, { name: 'loss', steps: [20], values: [0.5] }).steps).toEqual([5, 10, 15, 20]);
    expect(mergeHistory(history, { name: 'loss', steps: [10, 12, 20], values: [9, 8, 7] })).toEqual({
      name: 'loss',
      steps: [5, 10, 12, 15, 20],
      values: [3, 9, 8, 1, 7],
    });
    expect(history.steps).toEqual([5, 10, 15]);
  });

  it('keeps the order of series and puts new ones last', () => {
    const merged = mergeHistories([history], [{ name: 'lr', steps: [5], values: [0.1] }]);
    expect(merged.map(({ name }) => name)).toEqual(['loss', 'lr']);
  });

  it('drops the points that a resumed run retracts, before it adds new ones', () => {
    const lr = { name: 'lr', steps: [15], values: [0.1] };
    const added = [{ name: 'loss', steps: [12], values: ['NaN' as const] }];
    expect(addPoints([history, lr], { cutAfter: 10, histories: added })).toEqual([
      { name: 'loss', steps: [5, 10, 12], values: [3, 2, Number.NaN] },
    ]);
    expect(addPoints([history, lr], { cutAfter: null, histories: [] })).toEqual([history, lr]);
  });

  it('reads numbers that JSON cannot represent', () => {
    expect(fromWire({ name: 'loss', steps: [1, 2, 3], values: [1, 'NaN', '-Infinity'] }).values).toEqual([
      1,
      Number.NaN,
      Number.NEGATIVE_INFINITY,
    ]);
  });

  it('smooths without a bias towards zero and passes NaN through', () => {
    expect(smooth([4, 4, 4], 0.9).map((value) => +value.toFixed(9))).toEqual([4, 4, 4]);
    expect(smooth([1, Number.NaN, 3], 0)).toEqual([1, Number.NaN, 3]);
    const [, second] = smooth([0, 1], 0.5);
    expect(second).toBeCloseTo(2 / 3);
  });

  it('puts all losses on one chart and gives lines readable names', () => {
    const named = (name: string) => ({ name, steps: [], values: [] });
    const groups = groupByChart(['lr', 'loss_cross/branch1', 'loss', 'miou/branch2'].map(named));
    expect([...groups.keys()]).toEqual(['lr', 'loss', 'miou']);
    expect(groups.get('loss')?.map(({ name }) => name)).toEqual(['loss', 'loss_cross/branch1']);
    expect(
      ['loss', 'loss_cross/branch1', 'miou/branch2', 'miou/ensemble', 'images_per_second'].map(seriesLabel),
    ).toEqual(['total', 'cross, network 1', 'Network 2', 'Ensemble', 'images per second']);
  });
});
