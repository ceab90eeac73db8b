import { z } from 'zod';
import { ownRule } from './problems/issues.js';

/** Nothing above the folder that a name is looked up in. Credentials in an address would be shown to everyone. */
const weightsSource = z
  .string()
  .max(2048)
  .refine(
    (text) => isPath(text) || /^https?:\/\/[^/?#@\s]+(?:[/?#]\S*)?$/i.test(text),
    ownRule('WEIGHTS_SOURCE_INVALID'),
  )
  .describe(
    "A safetensors file: its path in a runner's weights folder, an absolute path, or an http(s) address. " +
      'A runner reads only from folders and hosts that its owner allows.',
  );

/** An absolute path, or a relative one that does not leave its folder. Anything with a scheme is meant as an address. */
function isPath(text: string): boolean {
  if (text === '' || text.includes('\0')) return false;
  if (/^(\/|[A-Za-z]:[\\/]).+$/.test(text)) return true;
  return (
    !/^[A-Za-z][A-Za-z0-9+.-]*:/.test(text) && text.split(/[\\/]/).every((part) => !['', '.', '..'].includes(part))
  );
}

const pretrainedWeights = z.strictObject({
  source: weightsSource,
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 lowercase hex digits')
    .nullable()
    .default(null)
    .describe('The expected SHA-256 of the file.'),
});

const backbone = z.enum(['resnet18', 'resnet34', 'resnet50', 'resnet101']);
const stem = z.enum(['deep', '7x7', 'd']);
const width = z.number().min(0.0625).max(1);

const secondNetwork = z.strictObject({
  backbone: backbone.nullable().default(null).describe('Null: that of the first network.'),
  stem: stem.nullable().default(null).describe('Null: that of the first network.'),
  width: width.nullable().default(null).describe('Null: that of the first network. Pretrained weights need 1.'),
  pretrained: pretrainedWeights
    .nullable()
    .default(null)
    .describe(
      "The initial weights of the second network's backbone; null means random weights, whatever the first has.",
    ),
});

export const networkConfig = z.strictObject({
  name: z.literal('deeplabv3plus').default('deeplabv3plus'),
  backbone: backbone.default('resnet18'),
  stem: stem
    .default('deep')
    .meta({ since: 2, absent: 'deep' })
    .describe(
      'The first layers: three 3x3 convolutions with 64, 64 and 128 channels (deep), one 7x7 convolution as in ' +
        "torchvision's files (7x7), or timm's ResNet-D (d), whose shortcuts average 2x2 pixels. " +
        'Pretrained weights need the stem that they were trained with.',
    ),
  width: width
    .default(0.25)
    .describe('Scales every channel count; 1 is 64 channels in layer1. Pretrained weights need 1.'),
  outputStride: z.literal([8, 16]).default(16),
  classifierBias: z
    .enum(['zero', 'uniform'])
    .default('zero')
    .meta({ since: 3, absent: 'zero' })
    .describe(
      "The classifier's initial bias. `uniform`: drawn between ± 1 / sqrt(input channels), as PyTorch does unless told otherwise.",
    ),
  normalisation: z
    .enum(['batch', 'frozen'])
    .default('batch')
    .meta({ since: 3, absent: 'batch' })
    .describe(
      "How the backbone's batch norms normalise in training: with the statistics of the batch, or always with the " +
        'running statistics that they start with (frozen). Scales and offsets are trained either way.',
    ),
  pretrained: pretrainedWeights
    .nullable()
    .default(null)
    .describe(
      "The backbone's initial weights, the same in both networks unless `second` is given; null means random weights.",
    ),
  second: secondNetwork
    .nullable()
    .default(null)
    .meta({ since: 4, absent: null })
    .describe(
      'In which the second network differs from the first, for methods that train two; null means that both have the ' +
        'same layers and pretrained weights.',
    ),
});

/** The layers of one network, and the source of its initial weights. */
export type OneNetworkConfig = Omit<z.output<typeof networkConfig>, 'second'>;

/** What network 1 or 2 of a run is. */
export function networkOf({ second, ...first }: z.output<typeof networkConfig>, branch: 1 | 2): OneNetworkConfig {
  if (branch === 1 || !second) return first;
  const { backbone, stem, width, pretrained } = second;
  return {
    ...first,
    backbone: backbone ?? first.backbone,
    stem: stem ?? first.stem,
    width: width ?? first.width,
    pretrained,
  };
}
