import { z } from 'zod';

/** Every method and its settings, with those of its authors as defaults; where a default is ours, its page in docs/methods/ says so. A method is a schema here and a file in runner/training/methods. */

const probability = z.number().min(0).max(1);

/** The weight of the unsupervised loss, ramped up over the first `rampUp` share of the iterations. */
const weight = z.number().min(0).max(1000);
const rampUp = probability.describe('Share of the iterations over which the weight rises from 0.');

const rampShape = z
  .enum(['linear', 'exponential'])
  .describe('How it rises over rampUp: linearly, or as exp(-5 (1 - t)^2).');

const boxes = z.int().min(1).max(10).describe('Rectangles that are combined by XOR into one CutMix mask.');

const areaShare = z
  .tuple([z.number().gt(0).max(1), z.number().gt(0).max(1)])
  .refine(([low, high]) => low <= high, 'the smallest area share must not exceed the largest');

/** What a moving average of the weights keeps of itself in a step. */
const decay = z.number().min(0).lt(1);

const supervised = z
  .strictObject({ name: z.literal('supervised') })
  .describe('One network on the labelled images alone.');

const cps = z
  .strictObject({
    name: z.literal('cps'),
    weight: weight.default(1.5),
    rampUp: rampUp.default(0),
    on: z.enum(['labelled', 'unlabelled', 'both']).default('both').describe('Which images the cross loss is taken on.'),
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
      .describe('Shuffle both unlabelled streams alike, as the official code does; off mixes different images.'),
  })
  .describe('Cross pseudo supervision on CutMix mixtures of unlabelled images.');

const cpc = z
  .strictObject({ name: z.literal('cpc'), weight: weight.default(1.5), rampUp: rampUp.default(0) })
  .describe("Cross probability consistency: each network is drawn to the other's class probabilities.");

const meanTeacher = z
  .strictObject({
    name: z.literal('mean_teacher'),
    weight: weight.default(100),
    rampUp: rampUp.default(0),
    decay: decay.default(0.99),
  })
  .describe('A network is drawn to the probabilities of a moving average of itself.');

const cutmixSeg = z
  .strictObject({
    name: z.literal('cutmix_seg'),
    weight: weight.default(1),
    rampUp: rampUp.default(0),
    decay: decay.default(0.99),
    confidence: probability.default(0.97).describe('The loss is scaled by the share of pixels at least so probable.'),
    boxes: boxes.default(1),
    areaShare: areaShare.default([0.5, 0.5]),
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
      .refine((counts) => Object.values(counts).some((count) => count > 0), 'at least one decoder is needed')
      .prefault({})
      .describe('How many auxiliary decoders see each kind of perturbed features.'),
    dropout: probability.lt(1).default(0.5).describe('Share of the channels that a dropout decoder does not see.'),
    erase: probability.default(0.4).describe('Share of the sides of an object that a cutout erases.'),
    noise: probability.default(0.3).describe('The greatest share by which noise changes a feature.'),
  })
  .describe('Cross-consistency training: decoders of perturbed features are drawn to the main decoder.');

const gct = z
  .strictObject({
    name: z.literal('gct'),
    correctionWeight: weight.default(1).describe('Of the flaws that the detector sees where both networks are wrong.'),
    consistencyWeight: weight.default(100).describe('Of the distance to the network that is less wrong; ramped up.'),
    rampUp: rampUp.default(0.15),
    rampShape: rampShape.default('exponential'),
    threshold: probability.default(0.6).describe('Above this share of the greatest flaw a pixel is wrong.'),
    mu: z.number().gt(0).max(10).default(0.5).describe('Scales the difference of prediction and labels.'),
    nu: z.int().min(0).max(10).default(1).describe('How often flaws are widened and blurred.'),
    detectorRate: z.number().gt(0).max(1).default(1e-4).describe("Learning rate of the flaw detector's Adam."),
    detectorChannels: z
      .int()
      .min(4)
      .max(128)
      .multipleOf(2)
      .default(64)
      .describe("Channels of the detector's first convolution, an even number: its two normalisations take half each."),
  })
  .describe('Guided collaborative training: a flaw detector says which of two networks to believe.');

const selfTraining = z
  .strictObject({
    name: z.literal('self_training'),
    firstRound: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.5)
      .describe('Share of the iterations on labels alone; then a fresh network learns from the first one too.'),
    weight: weight.default(1),
    confidence: probability.default(0.5).describe('Pixels of which the first network is less sure count nowhere.'),
  })
  .describe('Train on the labels, label the rest, train again from the start on both.');

const unimatch = z
  .strictObject({
    name: z.literal('unimatch'),
    weight: weight.default(1),
    rampUp: rampUp.default(0),
    confidence: probability.default(0.95).describe('Pixels that the weak view is less sure of count nowhere.'),
    dropout: probability.lt(1).default(0.5).describe('Share of the feature channels that are dropped.'),
    cutmix: probability.default(0.5).describe('Probability that a box of another image is pasted into a strong view.'),
  })
  .describe('Strong views and perturbed features learn the confident labels of the weak view.');

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
]);

export type MethodConfig = z.output<typeof methodConfig>;
export type MethodName = MethodConfig['name'];

/** Names that people read in tables, in the order in which a comparison lists them. */
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
  unimatch: 'UniMatch',
};

/** Whether the method asks for unlabelled images; the methods in runner/training/methods say the same. */
export function trainsOnUnlabelled(method: z.output<typeof methodConfig>): boolean {
  return method.name !== 'supervised' && !(method.name === 'cps' && method.on === 'labelled');
}
