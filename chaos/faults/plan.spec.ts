import { expect, it } from 'vitest';
import { FAULT_KINDS } from './kinds.js';
import { planFaults } from './plan.js';

const plan = (seed: number) => planFaults({ seed, faults: FAULT_KINDS, rounds: 5, seconds: 600 });
const choices = (seed: number) => plan(seed).map(({ random, ...fault }) => ({ ...fault, victim: random.uniform() }));

it('gives the same faults and victims for the same seed, and others for another', () => {
  expect(choices(1)).toEqual(choices(1));
  expect(choices(1)).not.toEqual(choices(2));
});

it('makes every kind happen once in each round, both shorter and longer than a lease', () => {
  for (const kind of FAULT_KINDS) {
    const faults = plan(3).filter((fault) => fault.kind === kind);
    expect(faults.map(({ atSeconds }) => Math.floor(atSeconds / 120))).toEqual([0, 1, 2, 3, 4]);
    expect(new Set(faults.map(({ outlastsLease }) => outlastsLease)).size).toBe(2);
  }
});
