import type { BranchEngine, Branches, BranchOptions } from './branches.js';
import { openTogether } from './together.js';
import { openWorkers } from './workers.js';

/** Creates the networks of a run where the engine trains them fastest: each in its own thread, or all in this one. */
export function openBranches(options: BranchOptions, engine: BranchEngine): Promise<Branches> {
  return engine.twins === 'workers' ? openWorkers(options, engine) : openTogether(options);
}
