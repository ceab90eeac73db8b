import { z } from 'zod';
import { type MethodConfig, type MethodName, trainsOnUnlabelled } from './method-config.js';
import { ownRule } from './problems/issues.js';

/** What is pasted into unlabelled images: `balance.mixing`. See docs/balance.md. */

const probability = z
  .number()
  .gt(0)
  .max(1)
  .default(0.5)
  .describe('Probability that something of a labelled image is pasted into an unlabelled one.');

const none = z.strictObject({ name: z.literal('none') }).describe('Nothing.');

const classAware = z
  .strictObject({
    name: z.literal('class_aware'),
    probability,
    region: z
      .enum(['box', 'mask'])
      .default('box')
      .describe(
        'What is pasted: an object of the class with what surrounds it, or all pixels of the class in the crop.',
      ),
  })
  .describe('Objects of a rare class, from a labelled image that is drawn for this class.');

const scale = z.number().min(0.05).max(4);

const copyPaste = z
  .strictObject({
    name: z.literal('copy_paste'),
    probability,
    classes: z
      .int()
      .min(1)
      .max(20)
      .default(3)
      .describe('How many classes are drawn in each step, perhaps the same twice.'),
    scales: z
      .strictObject({ from: scale, to: scale })
      .refine(({ from, to }) => from <= to, ownRule('SCALES_REVERSED'))
      .default({ from: 0.1, to: 2 })
      .describe('The range in which the labelled image is scaled.'),
  })
  .describe('All pixels of classes of which the networks are least confident, from any labelled image.');

const confidenceBank = z
  .strictObject({ name: z.literal('confidence_bank') })
  .describe('Nothing, but the boxes of CutMix contain objects of classes of which the networks are least confident.');

export const mixingConfig = z.discriminatedUnion('name', [none, classAware, copyPaste, confidenceBank]);

export type MixingConfig = z.output<typeof mixingConfig>;

/** Methods that learn from unlabelled images in a way that has no place for the right label of a pixel. */
const WITHOUT_TARGET: readonly MethodName[] = ['gct'];

/** Methods that mix unlabelled images with boxes. */
const WITH_BOXES: readonly MethodName[] = ['cutmix_seg', 'cps_cutmix', 'unimatch'];

type Problem = { path: string[] } & ReturnType<typeof ownRule>;

/** What is wrong with mixing for a method, if anything. */
export function mixingProblems({ name }: MixingConfig, method: MethodConfig): Problem[] {
  if (name === 'none') return [];
  const path = ['balance', 'mixing', 'name'];
  const mixesNothing = !WITH_BOXES.includes(method.name) || ('cutmix' in method && method.cutmix === 0);
  if (name === 'confidence_bank' && mixesNothing) return [{ path, ...ownRule('NO_BOXES', { method: method.name }) }];
  if (!trainsOnUnlabelled(method)) return [{ path, ...ownRule('NOTHING_TO_MIX_INTO', { method: method.name }) }];
  if (WITHOUT_TARGET.includes(method.name))
    return [{ path, ...ownRule('NO_PLACE_FOR_LABELS', { method: method.name }) }];
  return [];
}
