import { deeplabv3plus } from './deeplabv3plus.js';
import { LayerBuilder } from './layers.js';
import type { NetworkOptions, NetworkShape, SegmentationNetwork } from './segmentation-network.js';

/** Whether a variable belongs to the backbone, and not to the head. */
export function isInBackbone(name: string): boolean {
  return name.startsWith('backbone.');
}

/**
 * A network whose initial weights (Kaiming normal, fan-in) depend only on seed and branch, on every machine and engine.
 */
export function createNetwork(shape: NetworkShape, options: NetworkOptions): SegmentationNetwork {
  const builder = new LayerBuilder(options.seed, options.branch);
  const { stages, contextChannels, decoderChannels } = deeplabv3plus(builder, shape, options);
  const { variables, decayed, buffers } = builder;
  const all = [...variables.values(), ...buffers.values()];
  return {
    variables,
    decayed,
    buffers,
    parameters: [...variables.values()].reduce((sum, variable) => sum + variable.size, 0),
    forward: (images, mode) => {
      const { backbone, context, decode } = stages(mode === 'train');
      const { low, high } = backbone(images);
      return decode(context(high), low, [images.shape[1], images.shape[2]]);
    },
    stages: (mode) => stages(mode === 'train'),
    contextChannels,
    decoderChannels,
    dispose: () => {
      for (const variable of all) variable.dispose();
    },
  };
}
