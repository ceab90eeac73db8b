import type { MethodConfig } from '../../../schema/run-config.js';
import { concat } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import { adaptiveCutmix, imageConfidences } from './augseg/adaptive-cutmix.js';
import { decidedShare } from './confident-labels.js';
import type { Method, MethodStep } from './method.js';
import { withPasted } from './pasted.js';
import { confidentEntropy, surelyLabelled } from './sure-labels.js';
import { weighted } from './weighted.js';

/**
 * AugSeg (Zhao et al., CVPR 2023): a moving average of the network labels weak views, and the network learns its confident
 * labels on views with a random number of changes in intensity. The less confident the average is about an image, the more
 * often a box of a labelled image takes part in the CutMix that follows.
 */
export function augseg(config: Extract<MethodConfig, { name: 'augseg' }>): Method {
  return {
    branches: 1,
    streams: { unlabelled: true, mix: false, strongViews: 1, colours: { operations: config.operations } },
    shows: () => 0,
    // A copy at first, then the mean over the steps, until it changes as slowly as configured.
    teacher: { decay: (step) => (step === 0 ? 0 : Math.min(1 - 1 / step, config.decay)), evaluated: true },
    *step(view, { labelled, unlabelled, strong, pasted }): MethodStep {
      const taught = tf.softmax(view.teach(unlabelled!, 'evaluate')) as tf.Tensor4D;
      const predicted = { probabilities: taught, padding: null };
      const [labels] = (yield* surelyLabelled(view, [predicted], config.confidence)) as [tf.Tensor3D];
      const learned = { images: strong[0]!, labels: withPasted(labels, pasted) };
      const mixed = adaptiveCutmix(view, learned, labelled, imageConfidences(taught));
      const known = labelled.images.shape[0];
      const logits = view.forward(concat([labelled.images, mixed.images], 0));
      const supervised = view.supervisedLoss(tf.slice(logits, 0, known), labelled.labels);
      const consistency = confidentEntropy(view, tf.slice(logits, known), mixed.labels, null);
      return {
        total: weighted(supervised, [consistency, view.ramp * config.weight]),
        parts: { supervised, consistency },
        shares: { confident: decidedShare(labels) },
        pseudoLabels: labels,
      };
    },
  };
}
