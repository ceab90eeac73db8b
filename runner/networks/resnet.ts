import { addRelu, maxPool } from '../engines/operations.js';
import type { tf } from '../engines/tf.js';
import { chain, type Layer, type LayerBuilder, scaleChannels } from './layers.js';

export interface BackboneOptions {
  inputChannels: number;
  width: number;
  outputStride: 8 | 16;
}

export interface Backbone {
  /** Features of layer1 (a quarter of the input's size) and of layer4. */
  forward: (images: tf.Tensor4D, training: boolean) => { low: tf.Tensor4D; high: tf.Tensor4D };
  lowChannels: number;
  highChannels: number;
}

const BLOCKS = [2, 2, 2, 2] as const;
const CHANNELS = [64, 128, 256, 512] as const;

/** Layer4's blocks look at these multiples of its dilation. */
const MULTI_GRID = [1, 2, 4] as const;

/**
 * ResNet-18, variant v1c: three 3x3 convolutions in place of the 7x7 stem. Where the output stride forbids a stride, the
 * layer keeps its size and dilates: layer4 by 2, 4, 8 at output stride 16; layer3 by 2 and layer4 by 4, 8, 16 at 8.
 */
export function resnet18(builder: LayerBuilder, options: BackboneOptions): Backbone {
  const { width, outputStride, inputChannels } = options;
  const [stem, stemChannels] = deepStem(builder, inputChannels, width);
  const dilations = outputStride === 16 ? [1, 1, 1, 2] : [1, 1, 2, 4];
  let inputs = stemChannels;
  const layers = CHANNELS.map((full, index) => {
    const outputs = scaleChannels(full, width);
    const dilation = dilations[index]!;
    const blocks = Array.from({ length: BLOCKS[index]! }, (_, block) => {
      const layer = basicBlock(builder, `backbone.layer${index + 1}.${block}`, {
        inputs: block === 0 ? inputs : outputs,
        outputs,
        stride: block === 0 && index > 0 && dilation === 1 ? 2 : 1,
        dilation: index === 3 ? dilation * MULTI_GRID[block]! : dilation,
      });
      return layer;
    });
    inputs = outputs;
    return chain(...blocks);
  });
  return {
    lowChannels: scaleChannels(CHANNELS[0], width),
    highChannels: scaleChannels(CHANNELS[3], width),
    forward: (images, training) => {
      const pooled = maxPool(stem(images, training), { size: 3, stride: 2, padding: 1 });
      const low = layers[0]!(pooled, training);
      return { low, high: chain(...layers.slice(1))(low, training) };
    },
  };
}

function deepStem(builder: LayerBuilder, inputChannels: number, width: number): [Layer, number] {
  const narrow = scaleChannels(64, width);
  const wide = scaleChannels(128, width);
  const conv = (name: string, inputs: number, outputs: number, stride: number, inputGradient: boolean) =>
    builder.conv(name, { inputs, outputs, kernel: 3, stride, padding: 1, inputGradient });
  const stem = chain(
    conv('backbone.conv1.0', inputChannels, narrow, 2, false),
    builder.norm('backbone.conv1.1', narrow, 'relu'),
    conv('backbone.conv1.3', narrow, narrow, 1, true),
    builder.norm('backbone.conv1.4', narrow, 'relu'),
    conv('backbone.conv1.6', narrow, wide, 1, true),
    builder.norm('backbone.bn1', wide, 'relu'),
  );
  return [stem, wide];
}

interface BlockShape {
  inputs: number;
  outputs: number;
  stride: number;
  dilation: number;
}

/** Two 3x3 convolutions beside a shortcut, which is a 1x1 convolution where the shape changes. */
function basicBlock(builder: LayerBuilder, name: string, { inputs, outputs, stride, dilation }: BlockShape): Layer {
  const shape = { outputs, kernel: 3, dilation, padding: dilation };
  const residual = chain(
    builder.conv(`${name}.conv1`, { ...shape, inputs, stride }),
    builder.norm(`${name}.bn1`, outputs, 'relu'),
    builder.conv(`${name}.conv2`, { ...shape, inputs: outputs }),
    builder.norm(`${name}.bn2`, outputs, 'none'),
  );
  const same = stride === 1 && inputs === outputs;
  const shortcut = same
    ? chain()
    : chain(
        builder.conv(`${name}.downsample.0`, { inputs, outputs, kernel: 1, stride }),
        builder.norm(`${name}.downsample.1`, outputs, 'none'),
      );
  return (x, training) => addRelu(residual(x, training), shortcut(x, training));
}
