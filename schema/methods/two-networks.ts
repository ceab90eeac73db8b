import { z } from 'zod';
import { areaShare, boxes, ignorePadding, probability, rampShape, rampUp, weight } from './shared.js';

/** The methods that train two networks. */

export const cps = z
  .strictObject({
    name: z.literal('cps'),
    weight: weight.default(1.5),
    rampUp: rampUp.default(0),
    on: z.enum(['labelled', 'unlabelled', 'both']).default('both').describe('Which images the cross loss uses.'),
  })
  .describe("Cross pseudo supervision: each network learns from the other's one-hot predictions.");

export const cpsCutmix = z
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

export const cpc = z
  .strictObject({ name: z.literal('cpc'), weight: weight.default(1.5), rampUp: rampUp.default(0) })
  .describe("Cross probability consistency: each network learns from the other's class probabilities.");

export const gct = z
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

export const weakToStrongCps = z
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
