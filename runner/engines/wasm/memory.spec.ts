import { expect, it } from 'vitest';
import { tf } from '../../operations/tf.js';
import { startEngine } from '../engine.js';

it('names the cause and the way out when the wasm engine has no room left, and goes on with what fits', async () => {
  await startEngine('wasm');
  // 2.5 GiB each; untouched memory takes none of the machine's.
  const zeros = () => tf.engine().backend as unknown as { makeOutput(shape: number[], dtype: string): tf.TensorInfo };
  const first = zeros().makeOutput([640, 1024, 1024], 'float32');
  expect(() => zeros().makeOutput([640, 1024, 1024], 'float32')).toThrow(
    /^the wasm engine is out of memory: no room for 2560 MiB more, \d+ MiB of at most 4,096 MiB are taken; use a smaller batch/,
  );
  expect(tf.add(1, 2).dataSync()[0]).toBe(3);
  tf.backend().disposeData(first.dataId);
});
