import { z } from 'zod';
import { ownRule } from './problems/issues.js';

/**
 * Every method and its settings. Defaults are those of the authors; where a default is ours, the page in docs/methods/ says so. A
 * method is a schema here and a file in runner/training/methods.
 */

const probability = z.number().min(0).max(1);

/** The weight of the unsupervised loss, ramped up over the first `rampUp` share of the iterations. */
const weight = z.number().min(0).max(1000);
const rampUp = probability.describe('Share of the iterations over which the weight rises from 0.');

const rampShape = z
  .enum(['linear', 'exponential'])
  .describe('How the weight rises over rampUp: linearly, or as exp(-5 (1 - t)^2).');

const boxes = z.int().min(1).max(10).describe('Number of rectangles, combined by XOR into one CutMix mask.');

const areaShare = z
  .tuple([z.number().gt(0).max(1), z.number().gt(0).max(1)])
  .refine(([low, high]) => low <= high, ownRule('SHARES_REVERSED'));

const ignorePadding = z
  .boolean()
  .default(false)
  .meta({ since: 3, absent: false })
  .describe(
    'Leave the padding of unlabelled crops out of the loss, as the authors do. Otherwise, it counts like any pixel.',
  );

/** The share of itself that a moving average of the weights keeps in each step. */
const decay = z.number().min(0).lt(1);

const supervised = z
  .strictObject({ name: z.literal('supervised') })
  .describe('One network on the labelled images only.');

const cps = z
  .strictObject({
    name: z.literal('cps'),
    weight: weight.default(1.5),
    rampUp: rampUp.default(0),
    on: z.enum(['labelled', 'unlabelled', 'both']).default('both').describe('Which images the cross loss uses.'),
  })
  .describe("Cross pseudo supervision: each network learns from the other's one-hot predictions.");

const cpsCutmix = z
  .strictObject({
    name: z.literal('cps_cutmix'),
    weight: weight.default(1),
    rampUp: rampUp.default(0),
    boxes: boxes.default(3),
    areaShare: areaShare.default([0.25, 0.5]),
    sameOrder: z
      .boolean()
      .default(false)
      .describe(
        'Shuffle both unlabelled streams in the same order, as the official code does. Otherwise, different images are mixed.',
      ),
  })
  .describe('Cross pseudo supervision on CutMix mixtures of unlabelled images.');

const cpc = z
  .strictObject({ name: z.literal('cpc'), weight: weight.default(1.5), rampUp: rampUp.default(0) })
  .describe("Cross probability consistency: each network learns from the other's class probabilities.");

const meanTeacher = z
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

const cutmixSeg = z
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

const cct = z
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

const gct = z
  .strictObject({
    name: z.literal('gct'),
    correctionWeight: weight.default(1).describe('Weight of the flaw correction where both networks are wrong.'),
    consistencyWeight: weight
      .default(100)
      .describe('Weight of the distance to the network that is less wrong; ramped up.'),
    rampUp: rampUp.default(0.15),
    rampShape: rampShape.default('exponential'),
    threshold: probability.default(0.6).describe('A pixel is wrong above this share of the largest flaw.'),
    mu: z.number().gt(0).max(10).default(0.5).describe('Scales the difference between prediction and labels.'),
    nu: z.int().min(0).max(10).default(1).describe('How often flaws are dilated and blurred.'),
    detectorRate: z.number().gt(0).max(1).default(1e-4).describe("Learning rate of the flaw detector's Adam."),
    detectorChannels: z
      .int()
      .min(4)
      .max(128)
      .multipleOf(2)
      .default(64)
      .describe("Channels of the detector's first convolution; even, because its two normalisations take half each."),
    detectorSchedule: z
      .enum(['poly', 'constant'])
      .default('poly')
      .meta({ since: 3, absent: 'poly' })
      .describe("Whether the detector's learning rate falls as that of the networks (poly) or never (constant)."),
    updates: z
      .enum(['together', 'in_turn'])
      .default('together')
      .meta({ since: 3, absent: 'together' })
      .describe(
        'The networks and the detector take their steps from the same predictions (together), or the detector learns ' +
          'from the networks after their step (in_turn). Then three predictions move the running statistics.',
      ),
    flawMaps: z
      .enum(['corrected', 'original'])
      .default('corrected')
      .meta({ since: 3, absent: 'corrected' })
      .describe(
        "As in the authors' code (original), negative flaws count as 0 in the detector's loss, and pixels without a " +
          'label are half wrong; otherwise (corrected), they keep their values, and such pixels have no flaw.',
      ),
  })
  .describe('Guided collaborative training: a flaw detector decides which of two networks to trust.');

const selfTraining = z
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

const unimatch = z
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

const weakToStrongCps = z
  .strictObject({
    name: z.literal('weak_to_strong_cps'),
    weight: weight.default(1),
    rampUp: rampUp.default(0),
    confidence: probability
      .default(0)
      .describe("Pixels on which the other network's prediction for the weak view is less confident do not count."),
    cutmix: probability
      .default(0.5)
      .describe('Probability that a box of another image of the batch is pasted into a strong view.'),
    ignorePadding,
  })
  .meta({ since: 4 })
  .describe("Each network learns the other's labels for weak views on strong, mixed views: diverse co-training.");

const augseg = z
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

export const methodConfig = z.discriminatedUnion('name', [
  supervised,
  cps,
  cpsCutmix,
  cpc,
  meanTeacher,
  cutmixSeg,
  cct,
  gct,
  selfTraining,
  unimatch,
  weakToStrongCps,
  augseg,
]);

export type MethodConfig = z.output<typeof methodConfig>;
export type MethodName = MethodConfig['name'];

/** Display names, in the order in which comparisons list them. */
export const METHOD_LABELS: Record<MethodName, string> = {
  supervised: 'Supervised',
  mean_teacher: 'Mean Teacher',
  cutmix_seg: 'CutMix-Seg',
  cct: 'CCT',
  gct: 'GCT',
  self_training: 'Self-training',
  cpc: 'CPC',
  cps: 'CPS',
  cps_cutmix: 'CPS + CutMix',
  weak_to_strong_cps: 'Weak-to-strong CPS',
  unimatch: 'UniMatch',
  augseg: 'AugSeg',
};

/** Whether the images that keep their labels also are in the method's unlabelled streams. */
export function unlabelledAreAll(method: z.output<typeof methodConfig>): boolean {
  return 'unlabelledImages' in method && method.unlabelledImages === 'all';
}

/** Whether the method trains two networks. Must agree with its `branches` in runner/training/methods. */
export function trainsTwoNetworks({ name }: Pick<z.output<typeof methodConfig>, 'name'>): boolean {
  return ['cps', 'cps_cutmix', 'cpc', 'gct', 'weak_to_strong_cps'].includes(name);
}

/** Whether the method uses unlabelled images. Must agree with its `streams` in runner/training/methods. */
export function trainsOnUnlabelled(method: z.output<typeof methodConfig>): boolean {
  return method.name !== 'supervised' && !(method.name === 'cps' && method.on === 'labelled');
}
