import type { Method, MethodStep } from './method.js';

/** One network trained on the labelled images only: the baseline for all other methods. */
export function supervised(): Method {
  return {
    branches: 1,
    streams: { unlabelled: false, mix: false, strongViews: 0 },
    shows: () => 0,
    // biome-ignore lint/correctness/useYield: a single network has no other to show its labels to.
    *step(view, { labelled }): MethodStep {
      const loss = view.supervisedLoss(view.forward(labelled.images), labelled.labels);
      return { total: loss, parts: { supervised: loss } };
    },
  };
}
