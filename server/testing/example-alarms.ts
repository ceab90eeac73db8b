/** Alarms as a runner reports them. */
export const neverPredicted = {
  step: 40,
  kind: 'NEVER_PREDICTED',
  network: 'BRANCH1',
  classIndex: 2,
  message: 'network 1 has not predicted box in 5 evaluations in a row',
};
export const diverging = { step: 20, kind: 'DIVERGING_AGREEMENT', message: 'agreement rose by 3.0 points' };
