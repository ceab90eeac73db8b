import { z } from 'zod';

/** 0 keeps the initial weights. */
const rateFactor = z.number().min(0).max(1000).default(1).meta({ since: 3, absent: 1 });

export const optimiserConfig = z.strictObject({
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
