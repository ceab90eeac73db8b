import { z } from 'zod';
import { alarmsConfig } from './alarms-config.js';
import { type ConfigProblem, describeIssue } from './config-problems.js';
import { ENGINE_NAMES } from './engines.js';
import { lossConfig } from './loss-config.js';
import { methodConfig } from './method-config.js';
import { ownRule } from './problems/issues.js';
import { splitConfig } from './split-config.js';

export type { ConfigProblem } from './config-problems.js';
export type { LossConfig } from './loss-config.js';
export {
  METHOD_LABELS,
  type MethodConfig,
  type MethodName,
  methodConfig,
  trainsOnUnlabelled,
  unlabelledAreAll,
} from './method-config.js';
export { type SplitConfig, type SplitConfigInput, splitConfig, splitLabel } from './split-config.js';

/**
 * Everything that defines a run. The server validates with it, the runner trains from it and the dashboard shows it, so this
 * object alone is enough to reproduce a run. Unknown keys are refused: a misspelt setting must never silently become a default.
 */

/** Until version 3, only multiples of 8 were allowed. */
const cropSide = z
  .int()
  .min(32)
  .max(2048)
  .meta({ others: { than: 8, since: 3 } });

/** The detector's eight convolutions do not pad to the full size, and five have stride 2: nothing would be left of a smaller crop. */
const LEAST_FLAW_DETECTOR_CROP = 64;

const probability = z.number().min(0).max(1);

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

export const networkConfig = z.strictObject({
  name: z.literal('deeplabv3plus').default('deeplabv3plus'),
  backbone: z.enum(['resnet18', 'resnet34', 'resnet50', 'resnet101']).default('resnet18'),
  stem: z
    .enum(['deep', '7x7', 'd'])
    .default('deep')
    .meta({ since: 2, absent: 'deep' })
    .describe(
      'The first layers: three 3x3 convolutions with 64, 64 and 128 channels (deep), one 7x7 convolution as in ' +
        "torchvision's files (7x7), or timm's ResNet-D (d), whose shortcuts average 2x2 pixels. " +
        'Pretrained weights need the stem that they were trained with.',
    ),
  width: z
    .number()
    .min(0.0625)
    .max(1)
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
    .describe("The backbone's initial weights, the same in both networks; null means random weights."),
});

/** 0 keeps the initial weights. */
const rateFactor = z.number().min(0).max(1000).default(1).meta({ since: 3, absent: 1 });

const optimiserConfig = z.strictObject({
  name: z
    .enum(['sgd', 'adam'])
    .default('sgd')
    .meta({ since: 3, absent: 'sgd' })
    .describe("SGD with momentum, or Adam with its usual second beta, 0.999. Both compute what PyTorch's do."),
  learningRate: z.number().gt(0).max(10).default(0.05),
  backboneFactor: rateFactor.describe("Multiplies the learning rate of the backbone's weights."),
  headFactor: rateFactor.describe('Multiplies the learning rate of all other weights.'),
  momentum: z.number().min(0).lt(1).default(0.9).describe("SGD's momentum, or Adam's first beta."),
  weightDecay: z
    .number()
    .min(0)
    .max(1)
    .default(4e-4)
    .describe('The share of each weight that is added to its gradient. `weightDecayOn` says of which weights.'),
  weightDecayOn: z
    .enum(['convolutions', 'all'])
    .default('convolutions')
    .meta({ since: 3, absent: 'convolutions' })
    .describe('Convolution weights only, or also batch norm and biases.'),
  power: z
    .number()
    .min(0)
    .max(10)
    .default(0.9)
    .describe('Exponent of the poly schedule (1 - iteration / iterations) ^ power.'),
});

const scale = z.number().min(0.25).max(4);

const scaleRange = z
  .strictObject({ from: scale, to: scale })
  .refine(({ from, to }) => from <= to, ownRule('SCALES_REVERSED'))
  .meta({ since: 3 });

const augmentationConfig = z.strictObject({
  crop: z.tuple([cropSide, cropSide]).default([64, 64]).describe('Height and width of a training crop in pixels.'),
  scales: z
    .union([z.array(scale).min(1).max(20), scaleRange])
    .default([0.75, 1, 1.25, 1.5])
    .describe('Scale factors, of which one is drawn per image, or a range, such as {"from": 0.5, "to": 2}.'),
  resize: z
    .enum(['centred', 'opencv'])
    .default('centred')
    .meta({ since: 3, absent: 'centred' })
    .describe(
      'How an image is scaled. `centred`: sides are rounded, and a label is the one at the centre of its pixel. `opencv`: as in ' +
        'the code of the CPS authors: sides are rounded down, colours to whole numbers, and a label may be that of the pixel before.',
    ),
  padding: z
    .enum(['mean', 'black'])
    .default('mean')
    .meta({ since: 3, absent: 'mean' })
    .describe(
      'How an image that is smaller than the crop is padded: on all sides with the mean colour, or with black at its ' +
        'right and bottom before it is mirrored.',
    ),
  flip: probability.default(0.5).describe('Probability of a horizontal flip.'),
});

/** At least 2: after global pooling, batch normalisation has one value per image, and a single value has no variance. */
const batchSize = z.int().min(2).max(256).default(4);

const trainingConfig = z.strictObject({
  iterations: z.int().min(1).max(10_000_000).default(1000),
  batchLabelled: batchSize,
  batchUnlabelled: batchSize,
  unlabelledOrder: z
    .enum(['reshuffled', 'fixed'])
    .default('reshuffled')
    .meta({ since: 3, absent: 'reshuffled' })
    .describe(
      'Whether each epoch of unlabelled images has its own order, or all have that of the first one, as in the official code of CPS.',
    ),
  evaluateEvery: z.int().min(1).default(200).describe('Iterations between two evaluations on the validation subset.'),
  evaluateImages: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('During training, evaluate on only this many images; null means all. The final evaluation uses all.'),
  evaluateWhole: z
    .boolean()
    .default(false)
    .meta({ since: 3, absent: false })
    .describe('Predict whole images at once in evaluations and samples, instead of windows of the size of the crop.'),
  sampleEvery: z.int().min(1).default(200).describe('Iterations between two sets of sample predictions.'),
  sampleImages: z.int().min(0).max(16).default(4).describe('How many validation images to show; always the same ones.'),
  checkpointEvery: z.int().min(1).default(500),
  logEvery: z.int().min(1).default(5).describe('Iterations between two reported metric points.'),
  maxHours: z
    .number()
    .gt(0)
    .max(10_000)
    .nullable()
    .default(null)
    .meta({ since: 2, absent: null })
    .describe(
      'Stops training after this many hours, in all attempts together; null means no limit. ' +
        'A checkpoint is written, and the run fails. It can be retried with a larger limit.',
    ),
});

const placementConfig = z.strictObject({
  pool: z.string().min(1).max(64).default('default').describe('The group of runners that may train this run.'),
  engine: z.enum(['any', ...ENGINE_NAMES]).default('any'),
});

const dataConfig = z.strictObject({
  applyOrientation: z
    .boolean()
    .default(false)
    .meta({ since: 2, absent: false })
    .describe(
      'Turn pictures as their EXIF orientation tag says, if the labels were made on turned pictures. ' +
        'By default, pictures and labels are used as stored.',
    ),
  imageScale: z
    .number()
    .min(0.05)
    .max(1)
    .default(1)
    .describe('Shrinks every image and its labels first, in training and in evaluation.'),
});

const runSettings = z.strictObject({
  dataset: z.string().min(1).max(128),
  data: dataConfig.prefault({}),
  split: splitConfig,
  method: methodConfig,
  loss: lossConfig.prefault({ name: 'cross_entropy' }),
  network: networkConfig.prefault({}),
  optimiser: optimiserConfig.prefault({}),
  augmentation: augmentationConfig.prefault({}),
  training: trainingConfig.prefault({}),
  alarms: alarmsConfig.prefault({}),
  seed: z
    .int()
    .min(0)
    .max(4_294_967_295)
    .default(0)
    .describe('Determines the initial weights, the order of images, augmentation and masks.'),
  placement: placementConfig.prefault({}),
});

/** What a run could be in every version: for configurations that were accepted once. */
export const acceptedConfig = runSettings.superRefine(({ method, loss, augmentation, training }, problems) => {
  const { imagesPerGroup } = loss;
  if (imagesPerGroup !== null && training.batchLabelled % imagesPerGroup !== 0) {
    problems.addIssue({
      code: 'custom',
      path: ['loss', 'imagesPerGroup'],
      ...ownRule('GROUPS_UNEQUAL', { batch: training.batchLabelled }),
    });
  }
  if ('firstRound' in method && training.iterations < 2) {
    problems.addIssue({
      code: 'custom',
      path: ['training', 'iterations'],
      ...ownRule('TOO_FEW_ITERATIONS', { method: method.name, min: 2 }),
    });
  }
  if (method.name === 'gct' && Math.min(...augmentation.crop) < LEAST_FLAW_DETECTOR_CROP) {
    problems.addIssue({
      code: 'custom',
      path: ['augmentation', 'crop'],
      ...ownRule('CROP_TOO_SMALL', { method: method.name, min: LEAST_FLAW_DETECTOR_CROP }),
    });
  }
});

/** What a new run may be. Limits that came later apply to it alone. */
export const runConfig = acceptedConfig.superRefine(({ network }, problems) => {
  if (network.pretrained !== null && network.width < 1) {
    problems.addIssue({
      code: 'custom',
      path: ['network', 'width'],
      ...ownRule('PRETRAINED_NEEDS_WIDTH'),
    });
  }
});

export type RunConfig = z.output<typeof runConfig>;
export type RunConfigInput = z.input<typeof runConfig>;

export type ConfigResult = { ok: true; config: RunConfig } | { ok: false; problems: ConfigProblem[] };

/** Checks and completes a new configuration. Every problem names the field, the given value and what is allowed. */
export function parseRunConfig(input: unknown): ConfigResult {
  return parseWith(runConfig, input);
}

/** The same for a complete configuration that was accepted once, without the limits that came later. */
export function parseAcceptedConfig(input: unknown): ConfigResult {
  return parseWith(acceptedConfig, input);
}

function parseWith(config: typeof runConfig, input: unknown): ConfigResult {
  const result = config.safeParse(input, { reportInput: true });
  if (result.success) return { ok: true, config: result.data };
  return {
    ok: false,
    problems: result.error.issues.flatMap((issue) => describeIssue(issue, input, runConfigJsonSchema())),
  };
}

/** The JSON Schema (draft 2020-12) of what a user may write; fields with a default are optional in it. */
export function runConfigJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(runConfig, { io: 'input' }) as Record<string, unknown>;
}
