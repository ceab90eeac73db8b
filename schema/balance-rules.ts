import type { z } from 'zod';
import type { BalanceConfig } from './balance-config.js';
import type { MethodConfig } from './method-config.js';
import { thresholdProblems } from './thresholds-config.js';

interface Balanced {
  balance: BalanceConfig | null;
  method: MethodConfig;
}

/** Refuses remedies that would do nothing with the rest of a configuration, or that contradict it. */
export function checkBalance({ balance, method }: Balanced, problems: z.core.$RefinementCtx): void {
  if (!balance) return;
  for (const problem of thresholdProblems(balance.thresholds, method)) {
    problems.addIssue({ code: 'custom', ...problem });
  }
}
