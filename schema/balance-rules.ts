import type { z } from 'zod';
import type { BalanceConfig } from './balance-config.js';
import type { LossConfig } from './loss-config.js';
import type { MethodConfig, MethodName } from './method-config.js';
import { mixingProblems } from './mixing-config.js';
import { ownRule } from './problems/issues.js';
import { thresholdProblems } from './thresholds-config.js';

/** The methods that train with a cross-entropy against pseudo-labels. */
export const LEARN_PSEUDO_LABELS: readonly MethodName[] = [
  'self_training',
  'cps',
  'cps_cutmix',
  'weak_to_strong_cps',
  'unimatch',
  'augseg',
];

interface Balanced {
  balance: BalanceConfig | null;
  loss: LossConfig;
  method: MethodConfig;
}

type Problem = ReturnType<typeof ownRule> & { path: string[] };

/** Refuses remedies that would do nothing with the rest of a configuration, or that contradict it. */
export function checkBalance({ balance, loss, method }: Balanced, problems: z.core.$RefinementCtx): void {
  if (!balance) return;
  const { mixing, thresholds } = balance;
  const found = [
    ...mixingProblems(mixing, method),
    ...thresholdProblems(thresholds, method),
    ...lossProblems(balance, loss, method),
  ];
  for (const problem of found) problems.addIssue({ code: 'custom', ...problem });
}

/** What is wrong with the class weights and the losses of a configuration. */
function lossProblems({ weights, losses }: BalanceConfig, loss: LossConfig, method: MethodConfig): Problem[] {
  const problems: Problem[] = [];
  const refuse = (path: string, rule: ReturnType<typeof ownRule>) =>
    problems.push({ path: ['balance', ...path.split('.')], ...rule });
  if (losses?.crossEntropy === 0) {
    if (loss.name === 'ohem') refuse('losses.crossEntropy', ownRule('OHEM_UNUSED'));
    if ('annealed' in method && method.annealed) {
      refuse('losses.crossEntropy', ownRule('ANNEALING_UNUSED', { method: method.name }));
    }
    if (weights.name !== 'none' && !losses.focal) refuse('weights', ownRule('WEIGHTS_UNUSED'));
  }
  if (weights.name !== 'none' && weights.pseudoLabels && !LEARN_PSEUDO_LABELS.includes(method.name)) {
    const params = { method: method.name, methods: LEARN_PSEUDO_LABELS };
    refuse('weights.pseudoLabels', ownRule('NO_PSEUDO_LABEL_LOSS', params));
  }
  return problems;
}
