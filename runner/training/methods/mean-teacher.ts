import type { MethodConfig } from '../../../schema/run-config.js';
import { argmaxLabels, concat, mean } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import type { Method, MethodStep } from './method.js';
import { weighted } from './weighted.js';

/**
 * Mean Teacher (Tarvainen and Valpola, NeurIPS 2017), in the variant that CPS is compared with: on labelled and unlabelled
 * images, the network learns the probabilities of a teacher whose weights are a moving average of its own.
 */
export function meanTeacher(config: Extract<MethodConfig, { name: 'mean_teacher' }>): Method {
  return {
    branches: 1,
    streams: { unlabelled: true, mix: false, strongViews: 0 },
    shows: () => 0,
    // In the first steps this is the mean over all steps so far, so that the teacher quickly forgets its random start.
    teacher: { decay: (step) => Math.min(1 - 1 / (step + 1), config.decay), evaluated: false },
    // biome-ignore lint/correctness/useYield: a single network has no other to show its labels to.
    *step(view, { labelled, unlabelled }): MethodStep {
      const known = view.forward(labelled.images);
      const supervised = view.supervisedLoss(known, labelled.labels);
      const student = tf.softmax(concat([known, view.forward(unlabelled!)], 0));
      const taught = view.teach(unlabelled!);
      const teacher = tf.softmax(concat([view.teach(labelled.images), taught], 0));
      // As PyTorch's mse_loss: the mean is over the classes, too.
      const consistency = mean(tf.squaredDifference(student, teacher));
      return {
        total: weighted(supervised, [consistency, view.ramp * config.weight]),
        parts: { supervised, consistency },
        pseudoLabels: argmaxLabels(taught),
      };
    },
  };
}
