import { type EngineMemory, engineMemory } from '../../operations/memory.js';
import { readValues } from '../../operations/read-back.js';
import { tf } from '../../operations/tf.js';
import { answerRequests } from '../../threads/request-thread.js';
import type { Engine } from '../../tracking/engine.js';
import { createMethod } from '../methods/registry.js';
import { Branch } from './branch.js';
import type { BranchOptions, BranchState, Images, LossValues } from './branches.js';
import { type Exchange, leave, meet } from './exchange.js';
import { gradientStep, type Step } from './gradient-step.js';

/** The data that a branch's thread is started with. */
export interface BranchStart {
  options: BranchOptions;
  /** The run's engine; the thread starts its own engine of the same kind. */
  engine: Pick<Engine, 'name' | 'options'>;
  /** The number of CPU threads for this branch's engine. */
  threads: number;
  branch: 1 | 2;
  exchange: Exchange;
}

/** The requests that a branch's thread answers, one at a time. Once it is ready, it sends its number of parameters. */
export interface BranchRequests {
  step(step: Step): LossValues;
  predict(images: Images): Float32Array;
  keep(): void;
  save(): BranchState;
  load(state: BranchState): void;
  memory(): EngineMemory;
}

/**
 * Answers the requests of one branch in a thread of its own.
 *
 * @param startEngine starts the thread's own engine
 */
export async function answerForBranch(startEngine: (start: BranchStart) => Promise<unknown>): Promise<void> {
  await answerRequests<BranchStart, BranchRequests, number>(
    async (start) => {
      await startEngine(start);
      const method = createMethod(start.options.config.method);
      const branch = new Branch(start.branch, method, start.options);
      const showOther = ([shown]: tf.Tensor[]) => exchangeWith(start.exchange, start.branch, shown!);
      return {
        ready: branch.network.parameters,
        perform: {
          step: async (step) => (await gradientStep(method, [branch], step, showOther))[0]!,
          predict: (images) => branch.predict(images),
          keep: () => branch.keep(),
          save: () => branch.save(),
          load: (state) => branch.load(state),
          memory: engineMemory,
        },
        transfer: { predict: ({ buffer }) => [buffer as ArrayBuffer] },
      };
    },
    ({ exchange, branch }) => leave(exchange, branch),
  );
}

/** Shows a tensor to the branch in the other thread and returns what that branch shows. */
async function exchangeWith(exchange: Exchange, branch: 1 | 2, shown: tf.Tensor): Promise<tf.Tensor[]> {
  const values = await readValues(shown);
  const labels = shown.dtype === 'int32';
  // The exchange carries 32 bits per value, labels or floats.
  const mine = labels ? new Int32Array(values) : new Int32Array(values.buffer, values.byteOffset, values.length);
  const others = meet(exchange, branch, mine);
  const received = labels ? others : new Float32Array(others.buffer);
  return [tf.tensor(received, shown.shape, labels ? 'int32' : 'float32')];
}
