import type { MethodConfig } from '../../../schema/run-config.js';
import { argmaxLabels, concat } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import { agreementShares } from './agreement.js';
import { crossLoss } from './cross-loss.js';
import type { Method, MethodStep } from './method.js';
import { afterLabelled, withPasted } from './pasted.js';
import { weighted } from './weighted.js';

/**
 * Cross pseudo supervision (Chen et al., CVPR 2021): besides the labels, each network learns the other's one-hot predictions.
 * Labelled and unlabelled images pass through the network separately, each with their own batch statistics. The cross loss is
 * one mean over the pixels of both.
 */
export function cps(config: Extract<MethodConfig, { name: 'cps' }>): Method {
  const onUnlabelled = config.on !== 'labelled';
  return {
    branches: 2,
    streams: { unlabelled: onUnlabelled, mix: false, strongViews: 0 },
    shows: () => 1,
    *step(view, { labelled, unlabelled, pasted }): MethodStep {
      const known = view.forward(labelled.images);
      const supervised = view.supervisedLoss(known, labelled.labels);
      const crossed: tf.Tensor4D[] = config.on === 'unlabelled' ? [] : [known];
      if (onUnlabelled) crossed.push(view.forward(unlabelled!));
      const logits = concat(crossed, 0);
      const predicted = { labels: argmaxLabels(logits), probabilities: () => tf.softmax(logits) as tf.Tensor4D };
      const [mine] = (yield* view.thresholds.counted([predicted])) as [tf.Tensor3D];
      const others = (yield mine) as tf.Tensor3D;
      // The unlabelled images, if any, follow the labelled ones.
      const start = config.on === 'both' ? labelled.images.shape[0] : 0;
      const cross = crossLoss(view, logits, withPasted(others, afterLabelled(pasted, start)));
      const compared = mine.slice(start);
      return {
        total: weighted(supervised, [cross, view.ramp * config.weight]),
        parts: { supervised, cross },
        shares: agreementShares(view, compared, others.slice(start)),
        ...(onUnlabelled && { pseudoLabels: compared }),
      };
    },
  };
}
