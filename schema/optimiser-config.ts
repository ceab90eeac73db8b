import { z } from 'zod';
import { ownRule } from './problems/issues.js';

/** 0 keeps the initial weights. */
const rateFactor = z.number().min(0).max(1000).default(1).meta({ since: 3, absent: 1 });

export const optimiserConfig = z.strictObject({
  name: z
    .enum(['sgd', 'adam', 'adamw'])
    .default('sgd')
    .meta({ since: 3, absent: 'sgd', later: { adamw: 4 } })
    .describe(
      'SGD with momentum, Adam with its usual second beta, 0.999, or AdamW, which decays weights apart from their ' +
        "gradients. All compute what PyTorch's do.",
    ),
  learningRate: z.number().gt(0).max(10).default(0.05),
  backboneFactor: rateFactor.describe("Multiplies the learning rate of the backbone's weights."),
  headFactor: rateFactor.describe('Multiplies the learning rate of all other weights.'),
  momentum: z.number().min(0).lt(1).default(0.9).describe("SGD's momentum, or the first beta of Adam and AdamW."),
  weightDecay: z
    .number()
    .min(0)
    .max(1)
    .default(4e-4)
    .describe(
      'The share of each weight that is added to its gradient; AdamW subtracts it from the weight, times the learning ' +
        'rate. `weightDecayOn` says of which weights.',
    ),
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
  warmUp: z
    .number()
    .min(0)
    .max(10_000_000)
    .refine((length) => length < 1 || Number.isInteger(length), ownRule('WARM_UP_UNCLEAR'))
    .default(0)
    .meta({ since: 4, absent: 0 })
    .describe(
      'The first iterations, in which the learning rate rises linearly to that of the schedule: their share of a round ' +
        '(below 1), or their number.',
    ),
  clipNorm: z
    .number()
    .gt(0)
    .max(1_000_000)
    .nullable()
    .default(null)
    .meta({ since: 4, absent: null })
    .describe(
      "The largest norm of each network's gradient, over all of its weights. A larger gradient is scaled down to it; " +
        'null never does that.',
    ),
});
