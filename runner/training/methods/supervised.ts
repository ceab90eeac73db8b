import type { Method, MethodStep } from './method.js';

/** One network on the labelled images alone: what every other method has to beat. */
export function supervised(): Method {
  return {
    branches: 1,
    streams: { unlabelled: false, mix: false, strongViews: 0 },
    shows: () => 0,
    // biome-ignore lint/correctness/useYield: a single network has nobody to show its labels to.
    *step(view, { labelled }): MethodStep {
      const loss = view.supervisedLoss(view.forward(labelled.images), labelled.labels);
      return { total: loss, parts: { supervised: loss } };
    },
  };
}
