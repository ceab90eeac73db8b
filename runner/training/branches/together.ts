import { engineMemory } from '../../operations/memory.js';
import { createMethod } from '../methods/registry.js';
import { Branch } from './branch.js';
import type { Branches, BranchOptions } from './branches.js';
import { gradientStep } from './gradient-step.js';
import { inTurn } from './in-turn.js';

/** Runs all branches on this thread's engine in lockstep: for an engine that keeps the machine or the GPU busy by itself. */
export async function openTogether(options: BranchOptions): Promise<Branches> {
  const method = createMethod(options.config.method);
  const branches = Array.from({ length: method.branches }, (_, i) => new Branch(i === 0 ? 1 : 2, method, options));
  // One after the other, so that their memory is not needed at the same time.
  const each = <T>(ask: (branch: Branch) => Promise<T>) => inTurn(branches.map((branch) => () => ask(branch)));
  return {
    parameters: branches.map(({ network }) => network.parameters),
    step: (step, batches, rates, watch = false) =>
      gradientStep(method, branches, { step, batches, rates, watch }, (shown) => shown.toReversed()),
    predict: (images) => each((branch) => branch.predict(images)),
    keep: async () => {
      for (const branch of branches) branch.keep();
    },
    save: () => each((branch) => branch.save()),
    load: async (states) => {
      for (const [i, branch] of branches.entries()) branch.load(states[i] ?? {});
    },
    memory: async () => [engineMemory()],
    dispose: async () => {
      for (const branch of branches) branch.dispose();
    },
  };
}
