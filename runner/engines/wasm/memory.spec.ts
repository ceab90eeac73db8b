import { expect, it } from 'vitest';
import { tf } from '../../operations/tf.js';
import { startEngine } from '../engine.js';

it('says what to do when the wasm engine is out of memory, and keeps working with tensors that fit', async () => {
  await startEngine('wasm');
  // 2.5 GiB each. Untouched pages take no physical memory.
  const zeros = () => tf.engine().backend as unknown as { makeOutput(shape: number[], dtype: string): tf.TensorInfo };
  const first = zeros().makeOutput([640, 1024, 1024], 'float32');
  expect(() => zeros().makeOutput([640, 1024, 1024], 'float32')).toThrow(
    /^the wasm engine is out of memory: cannot allocate another 2560 MiB; \d+ of at most 4,096 MiB are in use; use a smaller batch/,
  );
  expect(tf.add(1, 2).dataSync()[0]).toBe(3);
  tf.backend().disposeData(first.dataId);
});
