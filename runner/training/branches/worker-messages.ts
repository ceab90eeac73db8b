import type { EngineName, EngineOptions } from '../../tracking/messages.js';
import type { BranchState } from './branch.js';
import type { BranchOptions, Images } from './branches.js';
import type { Exchange } from './exchange.js';
import type { Step } from './gradient-step.js';

/** What a branch's thread is started with. */
export interface WorkerStart {
  options: BranchOptions;
  engine: EngineName;
  engineOptions: EngineOptions;
  /** Threads of the processor for this branch's engine. */
  threads: number;
  branch: 1 | 2;
  exchange: Exchange;
}

export type Request =
  | { type: 'step'; step: Step }
  | { type: 'predict'; images: Images }
  | { type: 'save' }
  | { type: 'load'; state: BranchState }
  | { type: 'memory' };

/** The thread answers once when it is ready (with its number of parameters) and once a request. */
export type Answer =
  | { ok: true; value: unknown }
  | { ok: false; error: { name: string; message: string; stack?: string | undefined } };
