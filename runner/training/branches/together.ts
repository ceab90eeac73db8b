import { engineMemory } from '../../operations/memory.js';
import { createMethod } from '../methods/registry.js';
import { Branch } from './branch.js';
import type { Branches, BranchOptions } from './branches.js';
import { gradientStep } from './gradient-step.js';

/** All branches on this thread's engine, in lock-step: for an engine that fills the machine (or the GPU) by itself. */
export async function openTogether(options: BranchOptions): Promise<Branches> {
  const method = createMethod(options.config.method);
  const branches = Array.from({ length: method.branches }, (_, i) => new Branch(i === 0 ? 1 : 2, method, options));
  return {
    parameters: branches[0]!.network.parameters,
    step: (step, batches, rates, watch = false) =>
      gradientStep(method, branches, { step, batches, rates, watch }, (shown) => shown.toReversed()),
    predict: (images) => inTurn(branches, (branch) => branch.predict(images)),
    save: () => inTurn(branches, (branch) => branch.save()),
    load: async (states) => {
      for (const [i, branch] of branches.entries()) branch.load(states[i] ?? {});
    },
    memory: async () => [engineMemory()],
    dispose: async () => {
      for (const branch of branches) branch.dispose();
    },
  };
}

/** One branch after the other: their memory is not needed at the same time. */
async function inTurn<T>(branches: readonly Branch[], ask: (branch: Branch) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  for (const branch of branches) answers.push(await ask(branch));
  return answers;
}
