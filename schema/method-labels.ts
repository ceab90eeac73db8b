import type { MethodName } from './method-config.js';

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

/** In the same order. */
export const methodNames = Object.keys(METHOD_LABELS) as [MethodName, ...MethodName[]];
