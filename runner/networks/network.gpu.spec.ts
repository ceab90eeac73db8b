import { beforeAll, describe, it } from 'vitest';
import { startEngine } from '../engines/engine.js';
import { readValues } from '../engines/failure.js';
import { expectClose } from '../engines/fixtures/closeness.js';
import { hashed } from '../engines/fixtures/hashed.js';
import { crossEntropy } from '../engines/operations.js';
import { enginesUnderTest } from '../engines/testing/engines.js';
import { tf } from '../engines/tf.js';
import fixture from './fixtures/deeplabv3plus.json' with { type: 'json' };
import shapes from './fixtures/deeplabv3plus.shapes.json' with { type: 'json' };
import { createNetwork, type SegmentationNetwork } from './network.js';

/** What network.spec.ts asks of the other engines, read without blocking: a GPU's tensors cannot be read at once. */
const ON_GPU = enginesUnderTest().includes('webgpu');

function create(outputStride: 8 | 16): SegmentationNetwork {
  const { width, classes } = fixture;
  const config = { name: 'deeplabv3plus', backbone: 'resnet18', width, outputStride } as const;
  return createNetwork(config, { classes, inputChannels: 3, seed: 1, branch: 1 });
}

/** The numbers that the PyTorch script gives to each name. */
function fillHashed({ variables, buffers }: SegmentationNetwork): void {
  for (const [index, [name, shape]] of Object.entries<number[]>(shapes).entries()) {
    const tensor = variables.get(name) ?? buffers.get(name)!;
    const values = (scale: number) => hashed(index + 1, shape, scale);
    if (name.endsWith('running_mean')) tensor.assign(values(0.1));
    else if (name.endsWith('running_var')) tensor.assign(values(0.5).add(1));
    else if (shape.length === 4) tensor.assign(values(Math.sqrt(6 / (shape[0]! * shape[1]! * shape[2]!))));
    else tensor.assign(values(0.3).add(name.endsWith('.weight') ? 1 : 0));
  }
}

/** As the script draws them: a class, or 255 for a fifth of the pixels. */
function exampleLabels(): tf.Tensor3D {
  const size = fixture.shape.slice(0, 3) as [number, number, number];
  const share = (seed: number) => Array.from(hashed(seed, size).dataSync(), (draw) => (draw + 1) / 2);
  const ignored = share(802);
  const classOf = (draw: number) => Math.min(fixture.classes - 1, Math.floor(draw * fixture.classes));
  const labels = share(801).map((draw, i) => (ignored[i]! < 0.2 ? 255 : classOf(draw)));
  return tf.tensor3d(labels, size, 'int32');
}

/** As in the script: length, and products with two hashed directions. */
async function summary(tensor: tf.Tensor): Promise<number[]> {
  const values = await readValues(tensor);
  const product = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const directions = [901, 902].map((seed) => hashed(seed, [values.length]).dataSync<'float32'>());
  return [Math.sqrt(product(values, values)), ...directions.map((direction) => product(values, direction))];
}

describe.skipIf(!ON_GPU)('DeepLabv3+ on webgpu', () => {
  beforeAll(async () => {
    await startEngine('webgpu');
  });

  it.each(fixture.cases)(
    'agrees with PyTorch at output stride $outputStride',
    { timeout: 120_000 },
    async (expected) => {
      tf.engine().startScope();
      const network = create(expected.outputStride as 8 | 16);
      fillHashed(network);
      const images = hashed<tf.Tensor4D>(800, fixture.shape);
      expectClose(await summary(network.forward(images, 'evaluate')), expected.evaluated, 'logits, evaluation');
      let logits: tf.Tensor | undefined;
      const { value, grads } = tf.variableGrads(() => {
        const made = network.forward(images, 'train');
        logits = tf.keep(made.clone());
        return crossEntropy(made, exampleLabels());
      }, [...network.variables.values()]);
      expectClose(await readValues(value), [expected.loss], 'loss');
      expectClose(await summary(logits!), expected.trained, 'logits, training');
      for (const [name, values] of Object.entries<number[]>(expected.gradients)) {
        expectClose(await summary(grads[network.variables.get(name)!.name]!), values, `gradient of ${name}`);
      }
      for (const [name, values] of Object.entries<number[]>(expected.buffers)) {
        expectClose(await summary(network.buffers.get(name)!), values, name);
      }
      logits!.dispose();
      network.dispose();
      tf.engine().endScope();
    },
  );
});
