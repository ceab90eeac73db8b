import { concat, resizeBilinear } from '../operations/index.js';
import { tf } from '../operations/tf.js';
import { chain, type Layer, type LayerBuilder, scaleChannels } from './layers.js';
import { resnet } from './resnet.js';
import type { NetworkOptions, NetworkShape, NetworkStages } from './segmentation-network.js';

/** Dilations of the three 3x3 branches of the pyramid at output stride 16. They double at output stride 8. */
const PYRAMID_RATES = [6, 12, 18] as const;

/** DeepLabv3+ as in the code of the CPS authors (TorchSemiSeg), with the same names and order of layers. */
export function deeplabv3plus(
  builder: LayerBuilder,
  shape: NetworkShape,
  options: NetworkOptions,
): { stages: (training: boolean) => NetworkStages; contextChannels: number; decoderChannels: number } {
  const { width, outputStride } = shape;
  const { inputChannels } = options;
  const backbone = resnet(builder, { name: shape.backbone, stem: shape.stem, inputChannels, width, outputStride });
  const hidden = scaleChannels(256, width);
  const pyramid = spatialPyramid(builder, backbone.highChannels, hidden, outputStride);
  const lowHidden = scaleChannels(48, width);
  const reduceLow = chain(
    builder.conv('head.reduce.0', { inputs: backbone.lowChannels, outputs: lowHidden, kernel: 1 }),
    builder.norm('head.reduce.1', lowHidden, 'relu'),
  );
  const refine = chain(
    builder.conv('head.last_conv.0', { inputs: hidden + lowHidden, outputs: hidden, kernel: 3, padding: 1 }),
    builder.norm('head.last_conv.1', hidden, 'relu'),
    builder.conv('head.last_conv.3', { inputs: hidden, outputs: hidden, kernel: 3, padding: 1 }),
    builder.norm('head.last_conv.4', hidden, 'relu'),
  );
  const classifier = builder.conv('classifier', {
    inputs: hidden,
    outputs: options.classes,
    kernel: 1,
    bias: true,
    initialBias: shape.classifierBias,
  });
  const stages = (training: boolean): NetworkStages => {
    const refineBoth: NetworkStages['refine'] = (context, low) => {
      const wide = resizeBilinear(context, [low.shape[1], low.shape[2]]);
      return refine(concat([wide, reduceLow(low, training)], 3), training);
    };
    const classify: NetworkStages['classify'] = (features, size) =>
      resizeBilinear(classifier(features, training), size);
    return {
      // The head has no statistics worth keeping: it starts from random weights.
      backbone: (images) => backbone.forward(images, training && shape.normalisation === 'batch'),
      context: (high) => pyramid(high, training),
      refine: refineBoth,
      classify,
      decode: (context, low, size) => classify(refineBoth(context, low), size),
    };
  };
  return { stages, contextChannels: hidden, decoderChannels: hidden };
}

/**
 * The pyramid of the official code. A 1x1 and three dilated convolutions share one batch norm over their concatenation.
 * The mean over the image goes through two 1x1 convolutions of its own and is added, not concatenated, before the last
 * batch norm.
 */
function spatialPyramid(builder: LayerBuilder, inputs: number, hidden: number, outputStride: 8 | 16): Layer {
  const name = 'head.aspp';
  const branches = [
    builder.conv(`${name}.map_convs.0`, { inputs, outputs: hidden, kernel: 1 }),
    ...PYRAMID_RATES.map((rate, index) => {
      const dilation = (rate * 16) / outputStride;
      const shape = { inputs, outputs: hidden, kernel: 3, dilation, padding: dilation };
      return builder.conv(`${name}.map_convs.${index + 1}`, shape);
    }),
  ];
  const joined = chain(
    builder.norm(`${name}.map_bn`, branches.length * hidden, 'leakyRelu'),
    builder.conv(`${name}.red_conv`, { inputs: branches.length * hidden, outputs: hidden, kernel: 1 }),
  );
  const pooled = chain(
    builder.conv(`${name}.global_pooling_conv`, { inputs, outputs: hidden, kernel: 1 }),
    builder.norm(`${name}.global_pooling_bn`, hidden, 'leakyRelu'),
    builder.conv(`${name}.pool_red_conv`, { inputs: hidden, outputs: hidden, kernel: 1 }),
  );
  const finish = builder.norm(`${name}.red_bn`, hidden, 'leakyRelu');
  return (x, training) => {
    const maps = branches.map((branch) => branch(x, training));
    const image = pooled(tf.mean(x, [1, 2], true) as tf.Tensor4D, training);
    return finish(tf.add(joined(concat(maps, 3), training), image), training);
  };
}
