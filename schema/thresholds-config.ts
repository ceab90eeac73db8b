import { z } from 'zod';
import { type MethodConfig, type MethodName, methodConfig } from './method-config.js';
import { ownRule } from './problems/issues.js';

/** Which pseudo-labelled pixels count: `balance.thresholds`. See docs/balance.md. */

const none = z.strictObject({ name: z.literal('none') }).describe("The method's own rule.");

const fixed = z
  .strictObject({
    name: z.literal('fixed'),
    confidence: z.number().min(0).max(1).default(0.95).describe('Pixels that are predicted with less do not count.'),
  })
  .describe('One confidence for all classes.');

const quota = z
  .strictObject({
    name: z.literal('quota'),
    share: z
      .number()
      .gt(0)
      .max(1)
      .default(0.5)
      .describe("The share of the pixels that may count if the predictions have the labels' class shares."),
  })
  .describe('A confidence for each class, so that no class has a larger share of the pixels than of the labels.');

const adaptive = z
  .strictObject({
    name: z.literal('adaptive'),
    start: z.number().min(0).max(1).default(0.85).describe('The confidence at the start.'),
    decay: z
      .number()
      .min(0)
      .lt(1)
      .default(0.999)
      .describe('The share of itself that the confidence keeps in each step.'),
  })
  .describe("One confidence, which follows the predictions' largest confidence, averaged over the predicted classes.");

export const thresholdsConfig = z.discriminatedUnion('name', [none, fixed, quota, adaptive]);

export type ThresholdsConfig = z.output<typeof thresholdsConfig>;

/**
 * How each method uses pseudo-labels: `labels`, or `probabilities` of which those of unsure pixels can be left out; null if it
 * learns nothing of a kind that a threshold could choose from.
 */
const LEARNS: Record<MethodName, 'labels' | 'probabilities' | null> = {
  supervised: null,
  cps: 'labels',
  cps_cutmix: 'labels',
  cpc: null,
  mean_teacher: null,
  cutmix_seg: 'probabilities',
  cct: null,
  gct: null,
  self_training: 'labels',
  unimatch: 'labels',
  weak_to_strong_cps: 'labels',
  augseg: 'labels',
};

type Problem = { path: string[] } & ReturnType<typeof ownRule>;

/** What is wrong with thresholds for a method, if anything. */
export function thresholdProblems(thresholds: ThresholdsConfig, method: MethodConfig): Problem[] {
  if (thresholds.name === 'none') return [];
  const path = ['balance', 'thresholds', 'name'];
  const learns = LEARNS[method.name];
  if (learns === null) return [{ path, ...ownRule('NO_PSEUDO_LABELS', { method: method.name }) }];
  if (!('confidence' in method)) return [];
  if (thresholds.name === 'fixed' && learns === 'labels') {
    return [{ path, ...ownRule('CONFIDENCE_TWICE', { method: method.name }) }];
  }
  const usual = methodConfig.parse({ name: method.name }) as typeof method;
  if (method.confidence === usual.confidence) return [];
  const params = { thresholds: thresholds.name, usual: usual.confidence };
  return [{ path: ['method', 'confidence'], ...ownRule('CONFIDENCE_REPLACED', params) }];
}
