import { describe, expect, it } from 'vitest';
import { classWeightsConfig } from '../../../schema/class-weights-config.js';
import { branchFactors, classFactors } from './class-factors.js';
import fixture from './fixtures/losses.json' with { type: 'json' };

const settings = (name: string, changes: object = {}) => classWeightsConfig.parse({ name, ...changes });
const rounded = (values: readonly number[] | null) => values?.map((value) => Number(value.toPrecision(6))) ?? null;

describe('the factors of classes', () => {
  it.each(fixture.cases.filter(({ weights, offsets }) => weights ?? offsets))(
    "are PyTorch's for $balance.weights",
    ({ balance, weights, offsets }) => {
      const { name, ...changes } = balance.weights;
      const found = classFactors(settings(name, changes), fixture.pixels)!;
      expect(rounded(found.weights)).toEqual(rounded(weights));
      expect(rounded(found.offsets)).toEqual(rounded(offsets));
    },
  );

  it("are ENet's weights, between 1.42 and 50.5, by default", () => {
    const { weights } = classFactors(settings('inverse_log'), [1_000_000_000, 1])!;
    expect(rounded(weights)).toEqual([1.42228, 50.4983]);
  });

  it('are the median over the share, with a cap of 10 by default', () => {
    const of = (pixels: number[], changes = {}) => classFactors(settings('median_frequency', changes), pixels)!.weights;
    expect(of([100, 20, 10])).toEqual([0.2, 1, 2]);
    expect(of([1000, 30, 10, 1])).toEqual([0.02, 20 / 30, 2, 10]);
    expect(of([1000, 30, 10, 1], { cap: 1 })).toEqual([0.02, 20 / 30, 1, 1]);
  });

  it('are nearly alike above 1 / (1 - beta) pixels, and 1 on average over the classes that occur', () => {
    const weights = classFactors(settings('effective_number', { beta: 0.99 }), [1e6, 1e4, 0])!.weights!;
    expect(weights[0]).toBeCloseTo(weights[1]!, 6);
    expect(weights[0]! + weights[1]!).toBeCloseTo(2, 12);
    expect(classFactors(settings('effective_number', { beta: 0 }), [5, 500])!.weights).toEqual([1, 1]);
  });

  it('give a class without labelled pixels no weight, and the offset of the most frequent one', () => {
    for (const name of ['inverse_log', 'median_frequency', 'effective_number']) {
      const { weights } = classFactors(settings(name), [10, 0, 90])!;
      expect(weights![1]).toBe(0);
      expect(weights!.filter((weight) => weight > 0)).toHaveLength(2);
    }
    const { offsets } = classFactors(settings('logit_adjustment', { tau: 2 }), [10, 0, 90])!;
    expect(rounded(offsets)).toEqual(rounded([2 * Math.log(0.1), 2 * Math.log(0.9), 2 * Math.log(0.9)]));
  });

  it('apply to pseudo-labels only if they are asked to', () => {
    const balance = (changes: object) => ({ weights: settings('inverse_log', changes) });
    const { onLabels, onPseudoLabels } = branchFactors(balance({}), [1, 2]);
    expect([onLabels?.weights?.length, onPseudoLabels]).toEqual([2, null]);
    const both = branchFactors(balance({ pseudoLabels: true }), [1, 2]);
    expect(both.onPseudoLabels).toBe(both.onLabels);
    expect(branchFactors(null, undefined)).toEqual({ onLabels: null, onPseudoLabels: null });
    expect(() => branchFactors(balance({}), undefined)).toThrow('needs the labelled pixels of each class');
  });
});
