import type { MethodConfig } from '../../../schema/run-config.js';
import { argmaxLabels, concat, mean } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import type { BranchView, Method, MethodStep } from './method.js';
import { afterLabelled, withPastedProbabilities } from './pasted.js';
import { weighted } from './weighted.js';

type Config = Extract<MethodConfig, { name: 'mean_teacher' }>;

/**
 * Mean Teacher (Tarvainen and Valpola, NeurIPS 2017), in the variant that CPS is compared with: on labelled and unlabelled
 * images, the network learns the probabilities of a teacher whose weights are a moving average of its own.
 */
export function meanTeacher(config: Config): Method {
  return {
    branches: 1,
    streams: { unlabelled: true, mix: false, strongViews: 0 },
    shows: () => 0,
    teacher: { decay: decayOf(config), evaluated: false },
    // biome-ignore lint/correctness/useYield: a single network has no other to show its labels to.
    *step(view, { labelled, unlabelled, pasted }): MethodStep {
      const known = view.forward(labelled.images);
      const supervised = view.supervisedLoss(known, labelled.labels);
      const student = tf.softmax(concat([known, view.forward(unlabelled!)], 0));
      const { taughtKnown, taught } = lessons(view, labelled.images, unlabelled!, config);
      const taughtBoth = tf.softmax(concat([taughtKnown, taught], 0)) as tf.Tensor4D;
      const teacher = withPastedProbabilities(taughtBoth, afterLabelled(pasted, labelled.images.shape[0]));
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

function decayOf({ teacherUpdate, decay }: Config): (step: number) => number {
  // The teacher starts as a copy and then moves in the middle of the step.
  if (teacherUpdate === 'between_passes') return (step) => (step === 0 ? 0 : 1);
  // In the first steps this is the mean over all steps so far, so that the teacher quickly forgets its random start.
  return (step) => Math.min(1 - 1 / (step + 1), decay);
}

/** The teacher's logits of the labelled and of the unlabelled images. The order of the passes matters if it moves in between. */
function lessons(view: BranchView, labelled: tf.Tensor4D, unlabelled: tf.Tensor4D, { teacherUpdate, decay }: Config) {
  if (teacherUpdate === 'before_step') {
    const taught = view.teach(unlabelled);
    return { taughtKnown: view.teach(labelled), taught };
  }
  const taughtKnown = view.teach(labelled);
  view.moveTeacher(decay);
  return { taughtKnown, taught: view.teach(unlabelled) };
}
