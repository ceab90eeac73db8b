import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { BackendWasm, WebGPUBackend } from '../operations/tf.js';
import { tf } from '../operations/tf.js';
import { startRunEngine } from '../run-engine.js';
import { enginesUnderTest } from '../testing/engines.js';
import { Recorder, tinyConfig, tinyFolder, tinyShapes } from '../testing/tiny.js';
import type { Records, StopRequest } from '../tracking/tracker.js';
import { train } from './train.js';

/** Sabotages the engine, or something else that the run needs, after the run is set up and before its first step. */
class Saboteur extends Recorder {
  constructor(
    private readonly sabotage: () => void,
    request: StopRequest | null,
  ) {
    super(request && { step: 0, request });
  }

  override report<Kind extends keyof Records>(kind: Kind, record: Records[Kind]): void {
    super.report(kind, record);
    if (kind === 'setup') this.sabotage();
  }
}

async function run(name: 'wasm' | 'webgpu', sabotage: () => void, request: StopRequest | null = null) {
  const engine = { ...(await startRunEngine(name)), twins: 'together' as const };
  const tracker = new Saboteur(sabotage, request);
  const options = { dataset: await tinyShapes(), workDirectory: await tinyFolder(), resumeFrom: null };
  const end = await train({ ...options, config: tinyConfig(), engine, tracker });
  return { end, lines: tracker.lines };
}

it('a run that cannot free a resource still ends as usual, logs a warning, and frees the rest', async () => {
  await run('wasm', () => undefined, 'CANCEL');
  const held = tf.memory().numTensors;
  const { postMessage } = Worker.prototype;
  const hinder = () => {
    Worker.prototype.postMessage = function (this: Worker, ...message: Parameters<Worker['postMessage']>) {
      if (message[0].name === 'close') throw new Error('the thread would not listen');
      postMessage.apply(this, message);
    };
  };
  const { end, lines } = await run('wasm', hinder, 'CANCEL').finally(() => {
    Worker.prototype.postMessage = postMessage;
  });
  expect(end).toEqual({ outcome: 'canceled' });
  expect(lines.at(-1)).toBe(
    'WARN the run has ended, but some of its resources could not be freed: the thread would not listen',
  );
  expect(tf.memory().numTensors).toBe(held);
});

describe('a run whose engine fails', () => {
  it('fails with the cause when the wasm engine is out of memory', async () => {
    const taken: tf.TensorInfo[] = [];
    const { end, lines } = await run('wasm', () => {
      const backend = tf.backend() as BackendWasm;
      // Takes what is left of the 4 GiB, in ever smaller pieces. Untouched pages take no physical memory.
      for (let floats = 2 ** 29; floats >= 2 ** 8; ) {
        try {
          taken.push(backend.makeOutput([floats], 'float32'));
        } catch {
          floats /= 2;
        }
      }
    });
    for (const { dataId } of taken) tf.backend().disposeData(dataId);
    expect(end).toEqual({ outcome: 'failed', reason: expect.stringMatching(/^the wasm engine is out of memory: /) });
    expect(lines.at(-1)).toMatch(/^ERROR Error: the wasm engine is out of memory/);
  });

  it.skipIf(!enginesUnderTest().includes('webgpu'))(
    'is lost, with the cause, when the GPU device is lost',
    async () => {
      const { end } = await run('webgpu', () => (tf.backend() as WebGPUBackend).device.destroy());
      expect(end).toEqual({ outcome: 'lost', reason: expect.stringMatching(/^the GPU device was lost \(destroyed: /) });
    },
  );
});
