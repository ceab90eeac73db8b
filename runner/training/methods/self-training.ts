import type { MethodConfig } from '../../../schema/run-config.js';
import { concat } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import { decidedShare } from './confident-labels.js';
import type { BranchView, Method, MethodStep } from './method.js';
import { decidedInside } from './padding.js';
import { withPasted } from './pasted.js';
import { surelyLabelled } from './sure-labels.js';
import { weighted } from './weighted.js';

type Config = Extract<MethodConfig, { name: 'self_training' }>;

/**
 * Self-training with strong augmentation (ST of Yang et al., CVPR 2022): in the first round, a network learns the labels. In
 * the second, a new network learns the labels and, on strong views of the unlabelled images, the first one's confident
 * predictions.
 */
export function selfTraining(config: Config): Method {
  return {
    branches: 1,
    streams: { unlabelled: true, mix: false, strongViews: 1, padding: config.ignorePadding },
    shows: () => 0,
    // In the first round the teacher keeps the initial weights, in the second the network of the first round.
    teacher: { decay: () => 1, evaluated: false },
    *step(view, { labelled, unlabelled, strong, padding, pasted }): MethodStep {
      // The first round loads no unlabelled images.
      if (view.round === 1) {
        const supervised = view.supervisedLoss(view.forward(labelled.images), labelled.labels);
        return { total: supervised, parts: { supervised } };
      }
      const { known, student } = forwardBoth(view, labelled.images, strong[0]!, config);
      const supervised = view.supervisedLoss(known, labelled.labels);
      const taught = { probabilities: taughtBothWays(view, unlabelled!), padding };
      const [pseudoLabels] = (yield* surelyLabelled(view, [taught], config.confidence)) as [tf.Tensor3D];
      const learned = withPasted(pseudoLabels, pasted);
      const pseudo = view.pseudoLabelLoss(student, learned);
      const total = config.sharedBatch
        ? meanOverBoth([supervised, labelled.labels, 1], [pseudo, learned, config.weight])
        : weighted(supervised, [pseudo, config.weight]);
      return {
        total,
        parts: { supervised, pseudo },
        shares: { confident: decidedInside(pseudoLabels, padding) },
        pseudoLabels,
      };
    },
  };
}

/** Logits of the labelled images and of the strong views: from one batch with common statistics, or from two. */
function forwardBoth(view: BranchView, labelled: tf.Tensor4D, strong: tf.Tensor4D, { sharedBatch }: Config) {
  if (!sharedBatch) return { known: view.forward(labelled), student: view.forward(strong) };
  const logits = view.forward(concat([labelled, strong], 0));
  const start = labelled.shape[0];
  return { known: tf.slice(logits, 0, start), student: tf.slice(logits, start) };
}

/**
 * One mean over the pixels of both losses that have a label, where a pixel counts `weight` times. Each loss is a mean over its own
 * pixels. 0 if no pixel has a label.
 */
function meanOverBoth(...losses: [loss: tf.Scalar, labels: tf.Tensor3D, weight: number][]): tf.Scalar {
  const counts = losses.map(([, labels, weight]) => decidedShare(labels).mul(weight * labels.size));
  const all = tf.maximum(tf.addN(counts), 1e-12);
  return tf.addN(losses.map(([loss], i) => tf.mul(loss, tf.div(counts[i]!, all)))) as tf.Scalar;
}

/** The teacher's probabilities, averaged over the images and their mirror images. */
function taughtBothWays(view: BranchView, images: tf.Tensor4D): tf.Tensor4D {
  const asTheyAre = tf.softmax(view.teach(images, 'evaluate'));
  const mirrored = tf.softmax(view.teach(tf.reverse(images, 2), 'evaluate'));
  return tf.add(asTheyAre, tf.reverse(mirrored, 2)).div(2);
}
