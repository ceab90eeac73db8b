import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startEngine } from '../engines/engine.js';
import { applySgd, crossEntropy } from '../operations/index.js';
import { readValues } from '../operations/read-back.js';
import { tf } from '../operations/tf.js';
import { expectClose } from '../testing/closeness.js';
import { computationsUnderTest } from '../testing/engines.js';
import { hashed, hashedLabels } from '../testing/hashed.js';
import { hashedTensor, summaryOfTensor as summary, summaryAt } from '../testing/hashed-network.js';
import fixture from './fixtures/deeplabv3plus.json' with { type: 'json' };
import shapes from './fixtures/deeplabv3plus.shapes.json' with { type: 'json' };
import { createNetwork } from './network.js';
import type { NetworkShape, SegmentationNetwork } from './segmentation-network.js';

type Shapes = Record<string, number[]>;

const RESNET18: NetworkShape = {
  name: 'deeplabv3plus',
  backbone: 'resnet18',
  stem: 'deep',
  width: 0.125,
  outputStride: 16,
  classifierBias: 'zero',
  normalisation: 'batch',
};

type Backbone = Pick<NetworkShape, 'backbone' | 'stem'>;

/** The names and shapes of the network's tensors in the fixture. */
const shapesOf = ({ backbone, stem }: Backbone): Shapes => shapes[`${backbone} ${stem}` as keyof typeof shapes];

function create(changes: Partial<NetworkShape> = {}, classes = fixture.classes, inputChannels = 3) {
  return createNetwork({ ...RESNET18, ...changes }, { classes, inputChannels, seed: 1, branch: 1 });
}

/** Fills every tensor with the same hashed numbers as the PyTorch script. */
function fillHashed({ variables, buffers }: SegmentationNetwork, shapes: Shapes): void {
  for (const [index, [name, shape]] of Object.entries(shapes).entries()) {
    (variables.get(name) ?? buffers.get(name)!).assign(hashedTensor(name, shape, index));
  }
}

function exampleLabels(): tf.Tensor3D {
  const size = fixture.shape.slice(0, 3) as [number, number, number];
  const labels = hashedLabels([801, 802], size, fixture.classes, () => 0.2);
  return tf.tensor3d(Int32Array.from(labels), size, 'int32');
}

describe.each(computationsUnderTest())('DeepLabv3+ on %s', (_, start) => {
  beforeAll(async () => {
    await start();
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());
  afterAll(() => tf.disposeVariables());

  it.each(fixture.cases)(
    'agrees with PyTorch: $backbone, stem $stem, at output stride $outputStride',
    async ({ backbone, stem, width, outputStride, ...expected }) => {
      const shape = { backbone, stem, width, outputStride, normalisation: 'batch' } as NetworkShape;
      const network = create(shape);
      fillHashed(network, shapesOf(shape));
      const images = hashed<tf.Tensor4D>(expected.imageSeed, fixture.shape);
      expectClose(await summary(network.forward(images, 'evaluate')), expected.evaluated, 'logits, evaluation');
      let logits: tf.Tensor | undefined;
      const { value, grads } = tf.variableGrads(() => {
        const made = network.forward(images, 'train');
        logits = tf.keep(made.clone());
        return crossEntropy(made, exampleLabels());
      }, [...network.variables.values()]);
      expectClose(await readValues(value), [expected.loss], 'loss');
      expectClose(await summary(logits!), expected.trained, 'logits, training');
      expect(expected.gradients).toHaveLength(3 * network.variables.size);
      for (const [index, [name, variable]] of [...network.variables].entries()) {
        expectClose(await summary(grads[variable.name]!), summaryAt(expected.gradients, index), `gradient of ${name}`);
      }
      for (const [index, [name, buffer]] of [...network.buffers].entries()) {
        expectClose(await summary(buffer), summaryAt(expected.buffers, index), name);
      }
      logits!.dispose();
      network.dispose();
    },
    120_000,
  );

  it('gives zero loss and zero gradients when all labels are ignored', async () => {
    const network = create({ backbone: 'resnet50', width: 0.0625 });
    const images = hashed<tf.Tensor4D>(1, [2, 32, 32, 3]);
    const labels = tf.fill([2, 32, 32], 255, 'int32') as tf.Tensor3D;
    const { value, grads } = tf.variableGrads(
      () => crossEntropy(network.forward(images, 'train'), labels),
      [...network.variables.values()],
    );
    expect((await readValues(value))[0]).toBe(0);
    for (const [name, variable] of network.variables) {
      const slopes = await readValues(grads[variable.name]!);
      expect(
        slopes.every((slope) => slope === 0),
        name,
      ).toBe(true);
    }
    network.dispose();
  });
});

describe('createNetwork', () => {
  beforeAll(async () => {
    await startEngine('wasm');
  });

  it.each([
    ['resnet18', 'deep', 0.125],
    ['resnet18', '7x7', 0.125],
    ['resnet18', 'd', 0.125],
    ['resnet50', 'deep', 0.0625],
    ['resnet50', '7x7', 0.0625],
    ['resnet50', 'd', 0.0625],
  ] as const)('names every tensor of %s %s as documented and decays only convolutions', (backbone, stem, width) => {
    const network = create({ backbone, stem, width });
    const made = [...network.variables, ...network.buffers].map(([name, variable]) => [name, variable.shape]);
    expect(made).toEqual(Object.entries(shapesOf({ backbone, stem })));
    for (const [name, variable] of network.variables) expect(network.decayed.has(name)).toBe(variable.rank === 4);
    network.dispose();
  });

  it("has the paper's size with ResNet-50 and 21 classes: 189 tensors, 40.476 million parameters, 61 norms", () => {
    const network = create({ backbone: 'resnet50', width: 1 }, 21);
    expect(network.variables.size).toBe(189);
    expect(network.parameters).toBe(40_475_957);
    expect(network.buffers.size).toBe(2 * 61);
    const shape = (name: string) => network.variables.get(name)!.shape;
    expect(shape('backbone.conv1.6.weight')).toEqual([3, 3, 64, 128]);
    expect(shape('backbone.layer4.2.conv3.weight')).toEqual([1, 1, 512, 2048]);
    expect(shape('head.aspp.map_convs.3.weight')).toEqual([3, 3, 2048, 256]);
    expect(shape('head.last_conv.0.weight')).toEqual([3, 3, 304, 256]);
    network.dispose();
  }, 120_000);

  it.each([
    ['resnet18', [2, 2, 2, 2], 93],
    ['resnet34', [3, 4, 6, 3], 141],
    ['resnet50', [3, 4, 6, 3], 189],
    ['resnet101', [3, 4, 23, 3], 342],
  ] as const)('builds %s with %j blocks', (backbone, counts, tensors) => {
    const network = create({ backbone, width: 0.0625 });
    expect(network.variables.size).toBe(tensors);
    for (const [index, count] of counts.entries()) {
      const first = (block: number) => network.variables.has(`backbone.layer${index + 1}.${block}.conv1.weight`);
      expect([first(count - 1), first(count)]).toEqual([true, false]);
    }
    const logits = network.forward(tf.ones([1, 32, 32, 3]), 'evaluate');
    expect(logits.isNaN().any().dataSync()[0]).toBe(0);
    logits.dispose();
    network.dispose();
  });

  it('has half the channels of the paper at width 0.5', () => {
    const network = create({ width: 0.5 }, 21);
    const shape = (name: string) => network.variables.get(name)!.shape;
    expect(shape('backbone.conv1.6.weight')).toEqual([3, 3, 32, 64]);
    expect(shape('backbone.layer4.1.conv2.weight')).toEqual([3, 3, 256, 256]);
    expect(shape('head.aspp.red_conv.weight')).toEqual([1, 1, 512, 128]);
    expect(shape('head.last_conv.0.weight')).toEqual([3, 3, 152, 128]);
    expect(shape('classifier.weight')).toEqual([1, 1, 128, 21]);
    const sizes = [...network.variables.values()].map((variable) => variable.size);
    expect(network.parameters).toBe(sizes.reduce((sum, size) => sum + size, 0));
    network.dispose();
  });

  it.each([1, 3, 4])('accepts %i input channels, and sides that are not multiples of the stride', (inputChannels) => {
    const network = create({ width: 0.0625 }, 3, inputChannels);
    const logits = network.forward(tf.ones([1, 37, 50, inputChannels]), 'evaluate');
    expect(logits.shape).toEqual([1, 37, 50, 3]);
    expect(logits.isNaN().any().dataSync()[0]).toBe(0);
    logits.dispose();
    network.dispose();
  });

  it('initialises each branch and seed differently, and repeatably', () => {
    const name = 'backbone.layer1.0.conv1.weight';
    const config = { ...RESNET18, width: 0.0625 };
    const weights = (seed: number, branch: 1 | 2) => {
      const network = createNetwork(config, { classes: 3, inputChannels: 3, seed, branch });
      const values = [...network.variables.get(name)!.dataSync()];
      network.dispose();
      return values;
    };
    expect(weights(1, 1)).toEqual(weights(1, 1));
    expect(weights(1, 1)).not.toEqual(weights(1, 2));
    expect(weights(1, 1)).not.toEqual(weights(2, 1));
  });

  it("draws the classifier's bias as PyTorch does by default, if asked, and changes nothing else", () => {
    const initial = (classifierBias: NetworkShape['classifierBias'], branch: 1 | 2) => {
      const shape = { ...RESNET18, width: 0.0625, classifierBias };
      const network = createNetwork(shape, { classes: 1000, inputChannels: 3, seed: 1, branch });
      const values = new Map([...network.variables].map(([name, variable]) => [name, variable.dataSync<'float32'>()]));
      network.dispose();
      return values;
    };
    const [zero, drawn, other] = [initial('zero', 1), initial('uniform', 1), initial('uniform', 2)];
    const changed = [...zero].filter(([name, values]) => values.some((value, i) => value !== drawn.get(name)![i]));
    expect(changed.map(([name]) => name)).toEqual(['classifier.bias']);
    expect([...new Set(zero.get('classifier.bias'))]).toEqual([0]);
    const bias = drawn.get('classifier.bias')!;
    // 16 input channels; with 256 at width 1, the bound is 1/16.
    const bound = 1 / Math.sqrt(16);
    expect(Math.max(...bias)).toBeLessThanOrEqual(bound);
    expect(Math.min(...bias)).toBeGreaterThanOrEqual(-bound);
    const within = (share: number) => bias.filter((value) => Math.abs(value) < share * bound).length / bias.length;
    for (const share of [0.25, 0.5, 0.75]) expect(Math.abs(within(share) - share)).toBeLessThan(0.06);
    expect(Math.abs(bias.reduce((sum, value) => sum + value, 0) / bias.length)).toBeLessThan(0.1 * bound);
    expect(other.get('classifier.bias')).not.toEqual(bias);
  });

  it('trains for 200 steps with a falling loss, a constant number of tensors and steady memory', () => {
    const network = create({ width: 0.0625 }, 3);
    const velocities = new Map([...network.variables].map(([n, v]) => [n, tf.variable(tf.zerosLike(v), false)]));
    const images = hashed<tf.Tensor4D>(1, [2, 32, 32, 3]);
    const labels = tf.tidy(
      () => images.slice([0, 0, 0, 0], [-1, -1, -1, 1]).squeeze([3]).greater(0).toInt() as tf.Tensor3D,
    );
    const options = { learningRate: 0.05, momentum: 0.9, weightDecay: 1e-4 };
    const step = () => {
      const { value, grads } = tf.variableGrads(
        () => crossEntropy(network.forward(images, 'train'), labels),
        [...network.variables.values()],
      );
      for (const [name, variable] of network.variables) {
        applySgd(variable, grads[variable.name]!, velocities.get(name)!, options);
      }
      const loss = value.dataSync()[0]!;
      tf.dispose([value, grads]);
      return loss;
    };
    const first = step();
    const { numTensors, numBytes } = tf.memory();
    const heap = () => (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
    for (let i = 0; i < 20; i++) step();
    const heapBytes = heap();
    let last = first;
    for (let i = 0; i < 180; i++) last = step();
    expect(last).toBeLessThan(0.8 * first);
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
    expect(heap()).toBe(heapBytes);
    network.dispose();
    tf.dispose([images, labels, ...velocities.values()]);
  }, 120_000);
});
