import { z } from 'zod';
import { alarmsConfig } from './alarms-config.js';
import { balanceConfig } from './balance-config.js';
import { checkBalance } from './balance-rules.js';
import { type ConfigProblem, describeIssue } from './config-problems.js';
import { ENGINE_NAMES } from './engines.js';
import { augmentationConfig, dataConfig } from './image-config.js';
import { lossConfig } from './loss-config.js';
import { type MethodConfig, methodConfig, trainsTwoNetworks } from './method-config.js';
import { networkConfig, networkOf } from './network-config.js';
import { optimiserConfig } from './optimiser-config.js';
import { ownRule } from './problems/issues.js';
import { splitConfig } from './split-config.js';
import { trainingConfig } from './training-config.js';

export type { BalanceConfig } from './balance-config.js';
export type { ConfigProblem } from './config-problems.js';
export type { LossConfig } from './loss-config.js';
export {
  type MethodConfig,
  type MethodName,
  methodConfig,
  trainsOnUnlabelled,
  trainsTwoNetworks,
  unlabelledAreAll,
} from './method-config.js';
export { METHOD_LABELS } from './method-labels.js';
export { networkOf, type OneNetworkConfig } from './network-config.js';
export { type SplitConfig, type SplitConfigInput, splitConfig, splitLabel } from './split-config.js';

/**
 * Everything that defines a run. The server validates with it, the runner trains from it and the dashboard shows it, so this
 * object alone is enough to reproduce a run. Unknown keys are refused: a misspelt setting must never silently become a default.
 */

/** The detector's eight convolutions do not pad to the full size, and five have stride 2: nothing would be left of a smaller crop. */
const LEAST_FLAW_DETECTOR_CROP = 64;

const placementConfig = z.strictObject({
  pool: z.string().min(1).max(64).default('default').describe('The group of runners that may train this run.'),
  engine: z.enum(['any', ...ENGINE_NAMES]).default('any'),
});

const runSettings = z.strictObject({
  dataset: z.string().min(1).max(128),
  data: dataConfig.prefault({}),
  split: splitConfig,
  method: methodConfig,
  loss: lossConfig.prefault({ name: 'cross_entropy' }),
  balance: balanceConfig
    .nullable()
    .default(null)
    .meta({ since: 4, absent: null })
    .describe('Remedies for classes that are rare among the labelled pixels; null means none.'),
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

/** The iterations of the shorter round of a method that trains in two, otherwise of the run. At least 1, as in the runner. */
function shortestRound(method: MethodConfig, iterations: number): number {
  if (!('firstRound' in method)) return iterations;
  const first = Math.min(Math.max(1, Math.round(method.firstRound * iterations)), iterations - 1);
  return Math.max(1, Math.min(first, iterations - first));
}

/** What a run could be in every version: for configurations that were accepted once. */
export const acceptedConfig = runSettings.superRefine((config, problems) => {
  const { method, loss, network, optimiser, augmentation, training } = config;
  const { imagesPerGroup } = loss;
  if (imagesPerGroup !== null && training.batchLabelled % imagesPerGroup !== 0) {
    problems.addIssue({
      code: 'custom',
      path: ['loss', 'imagesPerGroup'],
      ...ownRule('GROUPS_UNEQUAL', { batch: training.batchLabelled }),
    });
  }
  if (network.second && !trainsTwoNetworks(method)) {
    problems.addIssue({
      code: 'custom',
      path: ['network', 'second'],
      ...ownRule('ONE_NETWORK', { method: method.name }),
    });
  }
  if (optimiser.warmUp >= shortestRound(method, training.iterations)) {
    problems.addIssue({
      code: 'custom',
      path: ['optimiser', 'warmUp'],
      ...ownRule('WARM_UP_TOO_LONG', { iterations: shortestRound(method, training.iterations) }),
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
  checkBalance(config, problems);
});

/** What a new run may be. Limits that came later apply to it alone. */
export const runConfig = acceptedConfig.superRefine(({ network }, problems) => {
  for (const branch of network.second ? ([1, 2] as const) : ([1] as const)) {
    const { pretrained, width } = networkOf(network, branch);
    if (pretrained === null || width === 1) continue;
    problems.addIssue({
      code: 'custom',
      // A width that the second network does not set itself is that of the first.
      path: branch === 2 && network.second!.width !== null ? ['network', 'second', 'width'] : ['network', 'width'],
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
