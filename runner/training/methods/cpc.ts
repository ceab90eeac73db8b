import type { MethodConfig } from '../../../schema/run-config.js';
import { argmaxLabels, concat } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import { agreement } from './agreement.js';
import type { Method, MethodStep } from './method.js';
import { afterLabelled, withPastedProbabilities } from './pasted.js';
import { squaredDifference } from './squared-difference.js';
import { weighted } from './weighted.js';

/**
 * Cross probability consistency, an ablation of CPS: each network learns the other's class probabilities instead of its
 * one-hot labels, on both labelled and unlabelled images. The other's probabilities carry no gradient.
 */
export function cpc(config: Extract<MethodConfig, { name: 'cpc' }>): Method {
  return {
    branches: 2,
    streams: { unlabelled: true, mix: false, strongViews: 0 },
    shows: (classes) => classes,
    *step(view, { labelled, unlabelled, pasted }): MethodStep {
      const known = view.forward(labelled.images);
      const supervised = view.supervisedLoss(known, labelled.labels);
      const mine = tf.softmax(concat([known, view.forward(unlabelled!)], 0));
      const others = (yield mine) as tf.Tensor4D;
      const start = labelled.images.shape[0];
      const cross = squaredDifference(mine, withPastedProbabilities(others, afterLabelled(pasted, start)));
      const pseudoLabels = argmaxLabels(mine.slice(start));
      return {
        total: weighted(supervised, [cross, view.ramp * config.weight]),
        parts: { supervised, cross },
        shares: { agreement: agreement(pseudoLabels, argmaxLabels(others.slice(start))) },
        pseudoLabels,
      };
    },
  };
}
