import type { Predictor, Subset } from './evaluation.entity.js';

/** What identifies an evaluation within its run. */
export interface EvaluationKey {
  subset: Subset;
  network: Predictor;
  step: number;
}

/** The key as a text. */
export function evaluationKey({ subset, network, step }: EvaluationKey): string {
  return [subset, network, step].join();
}
