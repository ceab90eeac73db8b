import { addRelu, meanPool } from '../operations/index.js';
import { chain, type Layer, type LayerBuilder } from './layers.js';

export interface BlockShape {
  inputs: number;
  /** Channels of the block's 3x3 convolutions. */
  channels: number;
  stride: 1 | 2;
  dilation: number;
  /** Whether the shortcut averages 2x2 pixels, as in ResNet-D, where others skip pixels. */
  averages: boolean;
}

/** A kind of residual block: how it is built, and the ratio of its output channels to its inner channels. */
export interface BlockKind {
  expansion: 1 | 4;
  build: (builder: LayerBuilder, name: string, shape: BlockShape) => Layer;
}

/** ResNet-18 and 34: two 3x3 convolutions and a shortcut. */
export const basicBlock: BlockKind = {
  expansion: 1,
  build: (builder, name, block) => {
    const { inputs, channels, stride, dilation } = block;
    const shape = { outputs: channels, kernel: 3, dilation, padding: dilation };
    const residual = chain(
      builder.conv(`${name}.conv1`, { ...shape, inputs, stride }),
      builder.norm(`${name}.bn1`, channels, 'relu'),
      builder.conv(`${name}.conv2`, { ...shape, inputs: channels }),
      builder.norm(`${name}.bn2`, channels, 'none'),
    );
    return besideShortcut(residual, shortcut(builder, name, block, channels));
  },
};

/**
 * ResNet-50 and 101: 1x1, 3x3, then 1x1 with four times the channels. The 3x3 convolution has the stride, as in
 * torchvision; in the original paper, it is the first 1x1 convolution.
 */
export const bottleneck: BlockKind = {
  expansion: 4,
  build: (builder, name, block) => {
    const { inputs, channels, stride, dilation } = block;
    const outputs = 4 * channels;
    const spatial = { inputs: channels, outputs: channels, kernel: 3, stride, dilation, padding: dilation };
    const residual = chain(
      builder.conv(`${name}.conv1`, { inputs, outputs: channels, kernel: 1 }),
      builder.norm(`${name}.bn1`, channels, 'relu'),
      builder.conv(`${name}.conv2`, spatial),
      builder.norm(`${name}.bn2`, channels, 'relu'),
      builder.conv(`${name}.conv3`, { inputs: channels, outputs, kernel: 1 }),
      builder.norm(`${name}.bn3`, outputs, 'none'),
    );
    return besideShortcut(residual, shortcut(builder, name, block, outputs));
  },
};

/**
 * The identity, or a 1x1 convolution when the shape changes. In ResNet-D, the mean of 2x2 pixels comes first; in a layer
 * that has a dilation instead of its stride, a mean starts at every pixel.
 */
function shortcut(
  builder: LayerBuilder,
  name: string,
  { inputs, stride, dilation, averages }: BlockShape,
  outputs: number,
): Layer {
  if (stride === 1 && inputs === outputs) return chain();
  if (!averages) {
    return chain(
      builder.conv(`${name}.downsample.0`, { inputs, outputs, kernel: 1, stride }),
      builder.norm(`${name}.downsample.1`, outputs, 'none'),
    );
  }
  const mean: Layer = (x) => (stride === 1 && dilation === 1 ? x : meanPool(x, stride));
  return chain(
    mean,
    builder.conv(`${name}.downsample.1`, { inputs, outputs, kernel: 1 }),
    builder.norm(`${name}.downsample.2`, outputs, 'none'),
  );
}

function besideShortcut(residual: Layer, around: Layer): Layer {
  return (x, training) => addRelu(residual(x, training), around(x, training));
}
