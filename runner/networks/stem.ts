import type { RunConfig } from '../../schema/run-config.js';
import { chain, type Layer, type LayerBuilder, scaleChannels } from './layers.js';

/** The layers before the first max-pooling. `d` also changes the shortcuts of the blocks (ResNet-D). */
export type Stem = RunConfig['network']['stem'];

/** Channels of the three 3x3 convolutions at width 1. */
const THREE = { deep: [64, 64, 128], d: [32, 32, 64] } as const;

/** Channels of the 7x7 convolution at width 1. */
const SINGLE = 64;

/** The stem's layers, with the names of torchvision (7x7) or timm (three convolutions), and the channels of its output. */
export function buildStem(builder: LayerBuilder, stem: Stem, inputs: number, width: number): [Layer, number] {
  if (stem === '7x7') {
    const outputs = scaleChannels(SINGLE, width);
    const shape = { inputs, outputs, kernel: 7, stride: 2, padding: 3 };
    return [chain(builder.conv('backbone.conv1', shape), builder.norm('backbone.bn1', outputs, 'relu')), outputs];
  }
  const [first, second, third] = THREE[stem].map((full) => scaleChannels(full, width)) as [number, number, number];
  const square = { kernel: 3, padding: 1 };
  const layers = chain(
    builder.conv('backbone.conv1.0', { ...square, inputs, outputs: first, stride: 2 }),
    builder.norm('backbone.conv1.1', first, 'relu'),
    builder.conv('backbone.conv1.3', { ...square, inputs: first, outputs: second }),
    builder.norm('backbone.conv1.4', second, 'relu'),
    builder.conv('backbone.conv1.6', { ...square, inputs: second, outputs: third }),
    builder.norm('backbone.bn1', third, 'relu'),
  );
  return [layers, third];
}
