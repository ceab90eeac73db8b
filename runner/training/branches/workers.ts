import { availableParallelism } from 'node:os';
import { RequestThread } from '../../threads/request-thread.js';
import { createMethod } from '../methods/registry.js';
import type { BranchEngine, Branches, BranchOptions } from './branches.js';
import { createExchange, leave } from './exchange.js';
import type { BranchRequests, BranchStart } from './worker.js';

/** Runs each branch in a worker thread with its own engine: two networks on two cores, or on two GPUs. */
export async function openWorkers(options: BranchOptions, engine: Omit<BranchEngine, 'twins'>): Promise<Branches> {
  const { method, training, augmentation } = options.config;
  const { branches: count, shows } = createMethod(method);
  const images = training.batchLabelled + training.batchUnlabelled;
  const pixels = images * augmentation.crop[0] * augmentation.crop[1];
  const exchange = createExchange(pixels * shows(options.classes));
  const processors = Math.max(1, Math.floor(availableParallelism() / count));
  const { branchThread, name, options: engineOptions } = engine;
  const threads = ([1, 2] as const).slice(0, count).map((branch) => {
    const start = { options, engine: { name, options: engineOptions }, threads: processors, branch, exchange };
    return new BranchThread(branchThread, start);
  });
  const dispose = async () => {
    await Promise.all(threads.map((thread) => thread.stop()));
  };
  const all = <T>(ask: (thread: BranchThread, i: number) => Promise<T>) => allOrCause(threads.map(ask));

  let parameters: number[];
  try {
    parameters = await all((thread) => thread.ready);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    parameters,
    step: (step, batches, rates, watch = false) => all((thread) => thread.ask('step', { step, batches, rates, watch })),
    predict: (batch) => all((thread) => thread.ask('predict', batch)),
    keep: async () => {
      await all((thread) => thread.ask('keep'));
    },
    save: () => all((thread) => thread.ask('save')),
    load: async (states) => {
      await all((thread, i) => thread.ask('load', states[i] ?? {}));
    },
    memory: () => all((thread) => thread.ask('memory')),
    dispose,
  };
}

/** A handle to a branch's worker thread. It takes one request at a time. */
export class BranchThread extends RequestThread<BranchRequests, number> {
  private readonly name: string;

  /** @param script the compiled script of a thread that calls `answerForBranch` */
  constructor(script: string, start: BranchStart) {
    const name = `branch ${start.branch}`;
    super(script, start, {
      name,
      failure: (cause) => new Error(`${name}: ${cause.message}`, { cause }),
      // A thread that was killed (out of memory, say) cannot mark itself as gone.
      ended: () => leave(start.exchange, start.branch),
    });
    this.name = name;
  }

  override async ask<K extends keyof BranchRequests>(
    request: K,
    ...asked: Parameters<BranchRequests[K]>
  ): Promise<ReturnType<BranchRequests[K]>> {
    if (this.pending > 0) throw new Error(`${this.name} got a second request before it answered the first`);
    return super.ask(request, ...asked);
  }
}

/** Waits for all answers. When one branch failed and the other only because of that, throws the error of the first. */
async function allOrCause<T>(answers: Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(answers);
  const failures = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  if (failures.length === 0) return settled.map((result) => (result as PromiseFulfilledResult<T>).value);
  throw failures.find((error) => (error.cause as Error | undefined)?.name !== 'OtherBranchGone') ?? failures[0];
}
