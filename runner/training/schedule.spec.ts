import { describe, expect, it } from 'vitest';
import { tinyConfig } from '../testing/tiny.js';
import { ratesAt, restartOf, stepOfRound } from './schedule.js';

const training = { iterations: 100 };

describe('ratesAt', () => {
  it('decays the learning rate as (1 - step / iterations) ^ power, set before the step', () => {
    const config = tinyConfig({ optimiser: { learningRate: 0.1, power: 0.9 }, training });
    expect(ratesAt(config, 0).learningRate).toBe(0.1);
    expect(ratesAt(config, 50).learningRate).toBeCloseTo(0.1 * 0.5 ** 0.9, 12);
    expect(ratesAt(config, 99).learningRate).toBeCloseTo(0.1 * 0.01 ** 0.9, 12);
    const constant = tinyConfig({ optimiser: { learningRate: 0.1, power: 0 }, training });
    expect(ratesAt(constant, 99).learningRate).toBe(0.1);
  });

  it('warms up linearly, on top of the decay, for a share or a number of the iterations', () => {
    const shareAt = (warmUp: number, step: number, power = 0) =>
      ratesAt(tinyConfig({ optimiser: { learningRate: 0.1, power, warmUp }, training }), step).fall;
    expect([0, 1, 2, 3, 4, 99].map((step) => shareAt(4, step))).toEqual([0.25, 0.5, 0.75, 1, 1, 1]);
    expect([0, 1, 2, 3, 4, 99].map((step) => shareAt(0.04, step))).toEqual([0.25, 0.5, 0.75, 1, 1, 1]);
    expect([0, 99].map((step) => shareAt(0, step))).toEqual([1, 1]);
    expect(shareAt(1, 0)).toBe(1);
    expect(shareAt(4, 1, 0.9)).toBe(0.99 ** 0.9 * 0.5);
    const config = tinyConfig({ optimiser: { learningRate: 0.1, warmUp: 4 }, training });
    expect(ratesAt(config, 1).learningRate).toBe(0.1 * 0.99 ** 0.9 * 0.5);
  });

  it('warms up in each of two rounds', () => {
    const config = tinyConfig({
      method: { name: 'self_training', firstRound: 0.3 },
      optimiser: { power: 0, warmUp: 0.1 },
      training,
    });
    const at = (step: number) => ratesAt(config, step).fall;
    // 3 of the first 30 iterations, and 7 of the other 70.
    expect([0, 1, 2, 29, 30, 36].map(at)).toEqual([1 / 3, 2 / 3, 1, 1, 1 / 7, 1]);
  });

  it('ramps the unsupervised weight up linearly over its share of the iterations', () => {
    const rampAt = (rampUp: number, step: number) =>
      ratesAt(tinyConfig({ method: { name: 'cps', weight: 6, rampUp }, training }), step).ramp;
    expect([0, 25, 50, 99].map((step) => rampAt(0.5, step))).toEqual([0, 0.5, 1, 1]);
    expect(rampAt(0, 0)).toBe(1);
    expect(rampAt(1, 99)).toBeCloseTo(0.99, 12);
  });

  it('ramps up exponentially if the method says so: exp(-5 (1 - t)^2)', () => {
    const config = tinyConfig({ method: { name: 'cct', rampUp: 0.5 }, training });
    expect(ratesAt(config, 0).ramp).toBeCloseTo(Math.exp(-5), 12);
    expect(ratesAt(config, 25).ramp).toBeCloseTo(Math.exp(-1.25), 12);
    expect(ratesAt(config, 50).ramp).toBe(1);
  });

  it('has two rounds, each with the whole schedule, if the method trains in two rounds', () => {
    const config = tinyConfig({ method: { name: 'self_training', firstRound: 0.3 }, training });
    const at = (step: number) => ratesAt(config, step);
    expect([0, 29, 30, 99].map((step) => at(step).round)).toEqual([1, 1, 2, 2]);
    expect([29, 30, 31].map((step) => at(step).restarts)).toEqual([false, true, false]);
    expect([0, 30].map((step) => at(step).fall)).toEqual([1, 1]);
    expect(at(15).fall).toBeCloseTo(at(65).fall, 12);
    expect(at(99).fall).toBeCloseTo((1 / 70) ** config.optimiser.power, 12);
    expect([0, 29, 30, 99].map((step) => stepOfRound(config, step))).toEqual([0, 29, 0, 69]);
  });

  it('gives each of the two rounds at least one iteration', () => {
    const restart = (firstRound: number, iterations: number) =>
      restartOf(tinyConfig({ method: { name: 'self_training', firstRound }, training: { iterations } }));
    expect([restart(0.01, 10), restart(0.5, 10), restart(0.99, 10), restart(0.5, 2)]).toEqual([1, 5, 9, 1]);
    expect(restartOf(tinyConfig())).toBe(null);
    expect(() => restart(0.5, 1)).toThrow('trains in two rounds and needs at least 2 iterations; got 1');
  });
});
