/** The states of a run, in the order in which a run has them. */
export const RUN_STATES = ['QUEUED', 'RUNNING', 'CANCELING', 'COMPLETED', 'FAILED', 'CANCELED'] as const;
