import type { MethodConfig } from '../../../schema/run-config.js';
import { argmaxLabels, concat } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import type { Method, MethodStep } from './method.js';
import { weighted } from './weighted.js';

/**
 * Mean Teacher (Tarvainen and Valpola, NeurIPS 2017), as CPS compares with it: the network is drawn to the probabilities of
 * a teacher whose weights are a moving average of its own, on labelled and unlabelled images.
 */
export function meanTeacher(config: Extract<MethodConfig, { name: 'mean_teacher' }>): Method {
  return {
    branches: 1,
    streams: { unlabelled: true, mix: false, strongViews: 0 },
    shows: () => 0,
    // In the first steps an average over all there were, so that the teacher leaves its random start behind.
    teacher: { decay: (step) => Math.min(1 - 1 / (step + 1), config.decay), evaluated: false },
    // biome-ignore lint/correctness/useYield: a single network has nobody to show its labels to.
    *step(view, { labelled, unlabelled }): MethodStep {
      const known = view.forward(labelled.images);
      const supervised = view.supervisedLoss(known, labelled.labels);
      const student = tf.softmax(concat([known, view.forward(unlabelled!)], 0));
      const taught = view.teach(unlabelled!);
      const teacher = tf.softmax(concat([view.teach(labelled.images), taught], 0));
      // PyTorch's mse_loss: the mean over the classes, too.
      const consistency = tf.mean(tf.squaredDifference(student, teacher)) as tf.Scalar;
      return {
        total: weighted(supervised, [consistency, view.ramp * config.weight]),
        parts: { supervised, consistency },
        pseudoLabels: argmaxLabels(taught),
      };
    },
  };
}
