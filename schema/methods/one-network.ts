import { z } from 'zod';
import { ownRule } from '../problems/issues.js';
import { areaShare, boxes, decay, ignorePadding, probability, rampShape, rampUp, weight } from './shared.js';

/** The methods that train one network. */

export const supervised = z
  .strictObject({ name: z.literal('supervised') })
  .describe('One network on the labelled images only.');

export const meanTeacher = z
  .strictObject({
    name: z.literal('mean_teacher'),
    weight: weight.default(100),
    rampUp: rampUp.default(0),
    decay: decay.default(0.99),
    teacherUpdate: z
      .enum(['before_step', 'between_passes'])
      .default('before_step')
      .meta({ since: 3, absent: 'before_step' })
      .describe(
        'When the teacher moves: before each step, at first as the mean of all steps; or as the official code of CPS ' +
          'does, between its pass over the labelled images and that over the unlabelled ones.',
      ),
  })
  .describe('A network learns from the probabilities of a moving average of itself.');

export const cutmixSeg = z
  .strictObject({
    name: z.literal('cutmix_seg'),
    weight: weight.default(1),
    rampUp: rampUp.default(0),
    decay: decay.default(0.99),
    confidence: probability
      .default(0.97)
      .describe('The loss is scaled by the share of pixels with at least this confidence.'),
    boxes: boxes.default(1),
    areaShare: areaShare.default([0.5, 0.5]),
    strongColours: z
      .boolean()
      .default(false)
      .meta({ since: 3, absent: false })
      .describe(
        "Change the colours of the network's unlabelled images, but not of the teacher's, as the official code does.",
      ),
    unlabelledImages: z
      .enum(['others', 'all'])
      .default('others')
      .meta({ since: 3, absent: 'others' })
      .describe(
        'Which images the unlabelled streams contain: those without labels, or all training images, as the authors do.',
      ),
    ignorePadding,
  })
  .describe('Mean Teacher on CutMix mixtures of unlabelled images.');

const decoders = z.int().min(0).max(20);

export const cct = z
  .strictObject({
    name: z.literal('cct'),
    weight: weight.default(30),
    rampUp: rampUp.default(0.1),
    rampShape: rampShape.default('exponential'),
    decoders: z
      .strictObject({
        dropout: decoders.default(6),
        cutout: decoders.default(6),
        contextMask: decoders.default(2),
        objectMask: decoders.default(2),
        featureDrop: decoders.default(6),
        featureNoise: decoders.default(6),
      })
      .refine((counts) => Object.values(counts).some((count) => count > 0), ownRule('NO_DECODERS'))
      .prefault({})
      .describe('Number of auxiliary decoders for each kind of perturbed features.'),
    dropout: probability.lt(1).default(0.5).describe('Share of the channels that a dropout decoder does not see.'),
    erase: probability.default(0.4).describe('Share of the sides of an object that cutout erases.'),
    noise: probability.default(0.3).describe('Maximum share by which noise changes a feature.'),
    features: z
      .enum(['pyramid', 'decoder'])
      .default('pyramid')
      .meta({ since: 3, absent: 'pyramid' })
      .describe(
        "Which features are perturbed: the pyramid's (pyramid), or those before the classifier, at 1/4 of the image's " +
          'size, where each auxiliary decoder is a 1x1 convolution (decoder).',
      ),
    annealed: z
      .boolean()
      .default(false)
      .meta({ since: 3, absent: false })
      .describe(
        'Leave out labelled pixels whose true class has a higher probability than a limit. The limit rises from ' +
          "1 / classes to 0.98 over the first 40% of the iterations. Replaces the run's loss.",
      ),
  })
  .describe('Cross-consistency training: decoders of perturbed features learn from the main decoder.');

export const selfTraining = z
  .strictObject({
    name: z.literal('self_training'),
    firstRound: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.5)
      .describe('Share of the iterations that use only the labels. Then a new network also learns from the first one.'),
    weight: weight.default(1),
    confidence: probability.default(0.5).describe('Pixels on which the first network is less confident do not count.'),
    teacher: z
      .enum(['last', 'best'])
      .default('last')
      .meta({ since: 3, absent: 'last' })
      .describe('The teacher of the second round: the first network at the end, or as it was when it was best on val.'),
    sharedBatch: z
      .boolean()
      .default(false)
      .meta({ since: 3, absent: false })
      .describe(
        'In the second round, labelled and unlabelled images pass through the network as one batch, and the loss is ' +
          'one mean over the pixels of both, as in the official code.',
      ),
    ignorePadding,
  })
  .describe('Train on the labels, label the rest, then train again from the start on both.');

export const unimatch = z
  .strictObject({
    name: z.literal('unimatch'),
    weight: weight.default(1),
    rampUp: rampUp.default(0),
    confidence: probability
      .default(0.95)
      .describe('Pixels on which the prediction for the weak view is less confident do not count.'),
    dropout: probability.lt(1).default(0.5).describe('Share of the feature channels that are dropped.'),
    cutmix: probability.default(0.5).describe('Probability that a box of another image is pasted into a strong view.'),
    sameOrder: z
      .boolean()
      .default(false)
      .meta({ since: 3, absent: false })
      .describe('Paste boxes of other views of the same image, as the official code does, instead of other images.'),
    ignorePadding,
  })
  .describe('Strong views and perturbed features learn from the confident labels of the weak view.');

export const augseg = z
  .strictObject({
    name: z.literal('augseg'),
    weight: weight.default(1),
    rampUp: rampUp.default(0),
    decay: decay.default(0.999),
    confidence: probability
      .default(0.95)
      .describe("Pixels on which the teacher's prediction for the weak view is less confident do not count."),
    operations: z
      .int()
      .min(1)
      .max(10)
      .default(3)
      .describe('The largest number of changes of intensity in a strong view; the smallest is 1.'),
  })
  .meta({ since: 4 })
  .describe('A network learns the labels of a moving average on changed intensities, mixed with labelled boxes.');
