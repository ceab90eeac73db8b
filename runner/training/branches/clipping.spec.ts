import { beforeAll, expect, it } from 'vitest';
import type { Dataset } from '../../data/dataset.js';
import { tinyEngine, tinyShapes } from '../../testing/tiny.js';
import { STEPS, traceOf, variant } from '../../testing/traces.js';
import type { BranchState, RunEngine, StepResult } from './branches.js';

let dataset: Dataset;
let engine: RunEngine;

beforeAll(async () => {
  engine = await tinyEngine();
  dataset = await tinyShapes();
});

const norms = (losses: StepResult[]) => losses.flatMap((step) => step.map(({ gradientNorm }) => gradientNorm));

/** The largest value, in size, of the tensors of branch 1 whose names start so. */
function largest([state]: BranchState[], prefix: string): number {
  const found = Object.entries(state!).filter(([name]) => name.startsWith(prefix));
  expect(found.length).toBeGreaterThan(0);
  return Math.max(...found.flatMap(([, { values }]) => [...values].map(Math.abs)));
}

it.each(['together', 'in_turn'] as const)(
  'clips what the configured optimiser trains, and not a flaw detector with its own: %s',
  { timeout: 120_000 },
  async (updates) => {
    const { changes } = variant('gct', '', { updates });
    const trace = (clipNorm: number | null) =>
      traceOf({ ...changes, optimiser: { clipNorm, momentum: 0.5 } }, { engine, dataset });
    const [free, clipped] = [await trace(null), await trace(1e-6)];
    expect(norms(free.losses)).toEqual(new Array(2 * STEPS).fill(undefined));
    expect(norms(clipped.losses).every((norm) => norm! > 1e-3)).toBe(true);
    // The momentum is at most 1 + 0.5 + 0.25 + … times the largest norm, apart from the weight decay.
    expect(largest(clipped.state, 'momentum.backbone.bn1.')).toBeLessThan(2e-6);
    expect(largest(free.state, 'momentum.backbone.bn1.')).toBeGreaterThan(1e-4);
    const detector = 'exp_avg.';
    expect(largest(clipped.state, detector)).toBeGreaterThan(1e-5);
  },
);
