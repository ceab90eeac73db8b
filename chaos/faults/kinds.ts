/** Everything that can happen, as `--faults` names it. */
export const FAULT_KINDS = [
  'kill-agent',
  'kill-child',
  'kill-server',
  'kill-backend',
  'kill-postmaster',
  'stop-agent',
  'stop-server',
  'cut-link',
  'stall-link',
  'slow-link',
  'freeze-agent',
  'freeze-child',
  'freeze-server',
  'full-disk',
  'damaged-home',
  'copied-home',
  'skewed-clock',
  'canceled-run',
] as const;

export type FaultName = (typeof FAULT_KINDS)[number];
