import type { MethodConfig } from '../../../schema/run-config.js';
import { concat, constant } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import { agreementWhereDecided } from './agreement.js';
import type { Method, MethodStep } from './method.js';
import { boxMasks, mix, mixPixels, partners } from './mixing.js';
import { decidedInside } from './padding.js';
import { withPasted } from './pasted.js';
import { confidentEntropy, surelyLabelled } from './sure-labels.js';
import { weighted } from './weighted.js';

/**
 * Weak-to-strong cross pseudo supervision, as in diverse co-training (Li et al., ICCV 2023): each network's labels for the weak
 * view of an unlabelled image teach the other network on a strong view, into which a box of another image of the batch is
 * pasted, with its labels.
 */
export function weakToStrongCps(config: Extract<MethodConfig, { name: 'weak_to_strong_cps' }>): Method {
  return {
    branches: 2,
    streams: { unlabelled: true, mix: false, strongViews: 1, padding: config.ignorePadding },
    shows: () => 1,
    *step(view, { labelled, unlabelled, strong, padding, pasted }): MethodStep {
      const known = labelled.images.shape[0];
      const selects = config.confidence > 0 || !view.thresholds.none;
      // Only the statistics of this batch depend on the weak views: their logits carry no gradient.
      const both = view.forward(concat([labelled.images, unlabelled!], 0));
      const supervised = view.supervisedLoss(tf.slice(both, 0, known), labelled.labels);
      const weak = { probabilities: tf.softmax(constant(tf.slice(both, known))) as tf.Tensor4D, padding };
      const [mine] = (yield* surelyLabelled(view, [weak], config.confidence)) as [tf.Tensor3D];

      const mask = boxMasks(view, 0, unlabelled!.shape, config.cutmix);
      const others = partners(view, unlabelled!.shape[0]);
      const student = view.forward(mix(strong[0]!, tf.gather(strong[0]!, others), mask));
      const taught = (yield mine) as tf.Tensor3D;
      const learned = withPasted(taught, pasted);
      const mixed = mixPixels(learned, tf.gather(learned, others), mask);
      const cross = confidentEntropy(
        view,
        student,
        mixed,
        padding && mixPixels(padding, tf.gather(padding, others), mask),
      );

      return {
        // The mean over both networks, as the authors compute it, gives each of them half of its gradient.
        total: weighted(supervised, [cross, view.ramp * config.weight]).div(2),
        parts: { supervised, cross },
        shares: {
          agreement: agreementWhereDecided(mine, taught),
          ...(selects && { confident: decidedInside(mine, padding) }),
        },
        pseudoLabels: mine,
      };
    },
  };
}
