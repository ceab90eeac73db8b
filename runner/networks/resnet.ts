import { maxPool } from '../operations/index.js';
import type { tf } from '../operations/tf.js';
import { type BlockKind, basicBlock, bottleneck } from './blocks.js';
import { chain, type LayerBuilder, scaleChannels } from './layers.js';
import { buildStem, type Stem } from './stem.js';

export type BackboneName = 'resnet18' | 'resnet34' | 'resnet50' | 'resnet101';

export interface BackboneOptions {
  name: BackboneName;
  stem: Stem;
  inputChannels: number;
  width: number;
  outputStride: 8 | 16;
}

export interface Backbone {
  /** Features of layer1 (at 1/4 of the input size) and of layer4. */
  forward: (images: tf.Tensor4D, training: boolean) => { low: tf.Tensor4D; high: tf.Tensor4D };
  lowChannels: number;
  highChannels: number;
}

/** Block type and number of blocks in layer1 to layer4, from the ResNet paper (He et al., 2016, table 1). */
const PLANS: Record<BackboneName, { block: BlockKind; counts: readonly [number, number, number, number] }> = {
  resnet18: { block: basicBlock, counts: [2, 2, 2, 2] },
  resnet34: { block: basicBlock, counts: [3, 4, 6, 3] },
  resnet50: { block: bottleneck, counts: [3, 4, 6, 3] },
  resnet101: { block: bottleneck, counts: [3, 4, 23, 3] },
};

/** Channels of the 3x3 convolutions of each layer at width 1. */
const CHANNELS = [64, 128, 256, 512] as const;

/** The blocks of layer4 use these multiples of its dilation. */
const MULTI_GRID = [1, 2, 4] as const;

/**
 * A ResNet, variant v1c with the deep stem. A layer that the output stride does not allow to downsample uses dilation
 * instead: layer4 by 2, 4, 8 at output stride 16; layer3 by 2 and layer4 by 4, 8, 16 at 8.
 */
export function resnet(builder: LayerBuilder, options: BackboneOptions): Backbone {
  const { name, width, outputStride, inputChannels } = options;
  const { block, counts } = PLANS[name];
  const [stem, stemChannels] = buildStem(builder, options.stem, inputChannels, width);
  const dilations = outputStride === 16 ? [1, 1, 1, 2] : [1, 1, 2, 4];
  let inputs = stemChannels;
  const layers = CHANNELS.map((full, index) => {
    const channels = scaleChannels(full, width);
    const dilation = dilations[index]!;
    const blocks = Array.from({ length: counts[index]! }, (_, position) => {
      const layer = block.build(builder, `backbone.layer${index + 1}.${position}`, {
        inputs,
        channels,
        stride: position === 0 && index > 0 && dilation === 1 ? 2 : 1,
        dilation: index === 3 ? dilation * MULTI_GRID[position]! : dilation,
        averages: options.stem === 'd',
      });
      inputs = block.expansion * channels;
      return layer;
    });
    return chain(...blocks);
  });
  return {
    lowChannels: block.expansion * scaleChannels(CHANNELS[0], width),
    highChannels: block.expansion * scaleChannels(CHANNELS[3], width),
    forward: (images, training) => {
      const pooled = maxPool(stem(images, training), { size: 3, stride: 2, padding: 1 });
      const low = layers[0]!(pooled, training);
      return { low, high: chain(...layers.slice(1))(low, training) };
    },
  };
}
