import type { MethodConfig } from '../../../schema/run-config.js';
import { crossEntropy } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import { confidentLabels, decidedShare } from './confident-labels.js';
import type { BranchView, Method, MethodStep } from './method.js';
import { weighted } from './weighted.js';

/**
 * Self-training with strong augmentation (ST of Yang et al., CVPR 2022): in the first round, a network learns the labels. In
 * the second, a new network learns the labels and, on strong views of the unlabelled images, the first one's confident
 * predictions.
 */
export function selfTraining(config: Extract<MethodConfig, { name: 'self_training' }>): Method {
  return {
    branches: 1,
    streams: { unlabelled: true, mix: false, strongViews: 1 },
    shows: () => 0,
    // In the first round the teacher keeps the initial weights, in the second the network of the first round.
    teacher: { decay: () => 1, evaluated: false },
    // biome-ignore lint/correctness/useYield: a single network has no other to show its labels to.
    *step(view, { labelled, unlabelled, strong }): MethodStep {
      const supervised = view.supervisedLoss(view.forward(labelled.images), labelled.labels);
      // The first round loads no unlabelled images.
      if (view.round === 1) return { total: supervised, parts: { supervised } };
      const pseudoLabels = confidentLabels(taughtBothWays(view, unlabelled!), config.confidence);
      const pseudo = crossEntropy(view.forward(strong[0]!), pseudoLabels);
      return {
        total: weighted(supervised, [pseudo, config.weight]),
        parts: { supervised, pseudo },
        shares: { confident: decidedShare(pseudoLabels) },
        pseudoLabels,
      };
    },
  };
}

/** The teacher's probabilities, averaged over the images and their mirror images. */
function taughtBothWays(view: BranchView, images: tf.Tensor4D): tf.Tensor4D {
  const asTheyAre = tf.softmax(view.teach(images, 'evaluate'));
  const mirrored = tf.softmax(view.teach(tf.reverse(images, 2), 'evaluate'));
  return tf.add(asTheyAre, tf.reverse(mirrored, 2)).div(2);
}
