import type { EngineMemory } from '../../operations/memory.js';
import type { Engine } from '../../tracking/engine.js';
import type { BranchOptions, BranchState, Images, LossValues } from './branches.js';
import type { Exchange } from './exchange.js';
import type { Step } from './gradient-step.js';

/** What a branch's thread is started with. */
export interface BranchStart {
  options: BranchOptions;
  /** The run's engine; the thread starts one of its own like it. */
  engine: Pick<Engine, 'name' | 'options'>;
  /** Threads of the processor for this branch's engine. */
  threads: number;
  branch: 1 | 2;
  exchange: Exchange;
}

/** What a branch's thread can be asked, one request at a time. When it is ready, it answers its number of parameters. */
export interface BranchRequests {
  step(step: Step): LossValues;
  predict(images: Images): Float32Array;
  save(): BranchState;
  load(state: BranchState): void;
  memory(): EngineMemory;
}
