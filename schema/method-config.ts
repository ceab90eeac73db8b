import { z } from 'zod';

/** Every method and its settings, with those of its authors as defaults. */

const probability = z.number().min(0).max(1);

/** A pixel-wise weight of the unsupervised loss, ramped up linearly over the first `rampUp` share of the iterations. */
const unsupervisedWeight = { weight: z.number().min(0).max(1000), rampUp: probability };

const supervised = z
  .strictObject({ name: z.literal('supervised') })
  .describe('One network on the labelled images alone.');

const cps = z
  .strictObject({
    name: z.literal('cps'),
    weight: unsupervisedWeight.weight.default(1.5),
    rampUp: unsupervisedWeight.rampUp.default(0),
    on: z.enum(['labelled', 'unlabelled', 'both']).default('both').describe('Which images the cross loss is taken on.'),
  })
  .describe("Cross pseudo supervision: each network learns from the other's one-hot predictions.");

const cpsCutmix = z
  .strictObject({
    name: z.literal('cps_cutmix'),
    weight: unsupervisedWeight.weight.default(1),
    rampUp: unsupervisedWeight.rampUp.default(0),
    boxes: z.int().min(1).max(10).default(3).describe('Rectangles that are combined by XOR into one CutMix mask.'),
    areaShare: z
      .tuple([z.number().gt(0).max(1), z.number().gt(0).max(1)])
      .refine(([low, high]) => low <= high, 'the smallest area share must not exceed the largest')
      .default([0.25, 0.5]),
    sameOrder: z
      .boolean()
      .default(false)
      .describe('Shuffle both unlabelled streams alike, as the official code does; off mixes different images.'),
  })
  .describe('Cross pseudo supervision on CutMix mixtures of unlabelled images.');

export const methodConfig = z.discriminatedUnion('name', [supervised, cps, cpsCutmix]);

export type MethodConfig = z.output<typeof methodConfig>;
export type MethodName = MethodConfig['name'];

/** Names that people read in tables, in the order in which a comparison lists them. */
export const METHOD_LABELS: Record<MethodName, string> = {
  supervised: 'Supervised',
  cps: 'CPS',
  cps_cutmix: 'CPS + CutMix',
};

/** Whether the method asks for unlabelled images; the methods in runner/training/methods say the same. */
export function trainsOnUnlabelled(method: z.output<typeof methodConfig>): boolean {
  return method.name !== 'supervised' && !(method.name === 'cps' && method.on === 'labelled');
}
