import { parentPort, workerData } from 'node:worker_threads';
import { startEngine } from '../../engines/engine.js';
import { readValues } from '../../operations/failure.js';
import { engineMemory } from '../../operations/memory.js';
import { tf } from '../../operations/tf.js';
import { createMethod } from '../methods/registry.js';
import { Branch } from './branch.js';
import { leave, meet } from './exchange.js';
import { gradientStep } from './gradient-step.js';
import type { Answer, Request, WorkerStart } from './worker-messages.js';

/** One branch in a thread of its own, with its own engine: answers one request after the other. */
const { options, engine, engineOptions, threads, branch: index, exchange } = workerData as WorkerStart;
const port = parentPort!;

try {
  await startEngine(engine, engineOptions, threads);
  const method = createMethod(options.config.method);
  const branch = new Branch(index, method, options);
  port.on('message', async (request: Request) => {
    try {
      const value = await perform(request);
      answer({ ok: true, value }, request.type === 'predict' ? [(value as Float32Array).buffer as ArrayBuffer] : []);
    } catch (error) {
      fail(error);
    }
  });
  answer({ ok: true, value: branch.network.parameters });

  async function perform(request: Request): Promise<unknown> {
    switch (request.type) {
      case 'step': {
        const losses = await gradientStep(method, [branch], request.step, showOther);
        return losses[0];
      }
      case 'predict':
        return branch.predict(request.images);
      case 'save':
        return branch.save();
      case 'load':
        return branch.load(request.state);
      case 'memory':
        return engineMemory();
    }
  }

  /** The other branch lives in another thread. */
  async function showOther([shown]: tf.Tensor[]): Promise<tf.Tensor[]> {
    const values = await readValues(shown!);
    const labels = shown!.dtype === 'int32';
    // The exchange carries 32 bits a value, whatever they mean.
    const mine = labels ? new Int32Array(values) : new Int32Array(values.buffer, values.byteOffset, values.length);
    const others = meet(exchange, index, mine);
    const received = labels ? others : new Float32Array(others.buffer);
    return [tf.tensor(received, shown!.shape, labels ? 'int32' : 'float32')];
  }
} catch (error) {
  fail(error);
}

function answer(message: Answer, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}

function fail(error: unknown): void {
  leave(exchange, index);
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  answer({ ok: false, error: { name, message, stack } });
}
