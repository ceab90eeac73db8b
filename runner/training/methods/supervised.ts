import { crossEntropy } from '../../engines/operations.js';
import type { Method, MethodStep } from './method.js';

/** One network on the labelled images alone: what every other method has to beat. */
export function supervised(): Method {
  return {
    branches: 1,
    streams: { unlabelled: false, mix: false },
    // biome-ignore lint/correctness/useYield: a single network has nobody to show its labels to.
    *step(view, { labelled }): MethodStep {
      const loss = crossEntropy(view.forward(labelled.images), labelled.labels);
      return { total: loss, supervised: loss };
    },
  };
}
