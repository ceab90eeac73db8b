import type { MethodConfig } from '../../../schema/run-config.js';
import { argmaxLabels, concat, constant, mean, meanOf, withoutGradient } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import { agreement } from './agreement.js';
import { type FlawDetector, flawDetector } from './gct/flaw-detector.js';
import { clampedFlaws, guidance, trueFlaws } from './gct/flaw-maps.js';
import type { BranchView, FurtherLosses, Method, MethodStep, StepTensors } from './method.js';
import { weighted } from './weighted.js';

type Config = Extract<MethodConfig, { name: 'gct' }>;
type View = BranchView<FlawDetector>;

/** The authors' settings of Adam for the flaw detector. */
const BETAS = [0.9, 0.99] as const;
const EPSILON = 1e-8;

/**
 * Guided collaborative training (Ke et al., ECCV 2020): a flaw detector learns from the labelled images where a network is
 * wrong. Where one of the two networks is less wrong, the other learns its probabilities. Where both are wrong, each is
 * trained so that the detector finds no flaw.
 */
export function gct(config: Config): Method<FlawDetector> {
  const inTurn = config.updates === 'in_turn';
  return {
    branches: 2,
    streams: { unlabelled: true, mix: false, strongViews: 0 },
    shows: (classes) => classes,
    parts: {
      build: (builder, { inputChannels, classes }) =>
        flawDetector(builder, inputChannels + classes, config.detectorChannels),
      // Each branch has a copy of the detector. The copies stay equal: same initial weights, same inputs.
      alike: true,
      adam: { learningRate: config.detectorRate, betas: BETAS, epsilon: EPSILON },
      constantRate: config.detectorSchedule === 'constant',
    },
    *step(view, tensors): MethodStep {
      const { labelled, unlabelled } = tensors;
      // The CPS authors predict without a gradient first: the same again, but the running statistics move twice.
      if (inTurn) predicted(view, tensors);
      const known = view.forward(labelled.images);
      const supervised = view.supervisedLoss(known, labelled.labels);
      const mine = tf.softmax(concat([known, view.forward(unlabelled!)], 0)) as tf.Tensor4D;
      const others = (yield mine) as tf.Tensor4D;
      const images = allOf(tensors);
      const count = labelled.images.shape[0];

      const answers = firstBranchFirst(view, constant(mine), others);
      const detect = (answer: tf.Tensor4D) => view.parts(images, answer);
      const flaws = answers.map((answer) => (inTurn ? withoutGradient(() => detect(answer)) : detect(answer)));
      const detector = inTurn ? null : detectorLoss(answers, flaws, tensors, config);

      // The network's losses: the detector's weights are constant here.
      const [myFlaws, otherFlaws] = firstBranchFirst(view, flaws[0]!, flaws[1]!);
      const { target, bothWrong } = guidance(constant(mine), others, myFlaws, otherFlaws, config);
      const seen = view.parts(images, mine, { held: true });
      const correction = mean(tf.mul(tf.square(seen), bothWrong));
      const consistency = mean(tf.squaredDifference(mine, target));

      const pseudoLabels = argmaxLabels(mine.slice(count));
      return {
        total: weighted(
          supervised,
          ...(detector ? [[detector, 1] as [tf.Scalar, number]] : []),
          [correction, config.correctionWeight],
          [consistency, view.ramp * config.consistencyWeight],
        ),
        parts: { supervised, ...(detector && { detector }), correction, consistency },
        shares: { agreement: agreement(pseudoLabels, argmaxLabels(others.slice(count))) },
        pseudoLabels,
      };
    },
    ...(inTurn && {
      *second(view: View, tensors: StepTensors): MethodStep<FurtherLosses> {
        const mine = tf.softmax(predicted(view, tensors)) as tf.Tensor4D;
        const others = (yield mine) as tf.Tensor4D;
        const answers = firstBranchFirst(view, mine, others);
        const images = allOf(tensors);
        const flaws = answers.map((answer) => view.parts(images, answer));
        const detector = detectorLoss(answers, flaws, tensors, config);
        return { total: detector, parts: { detector } };
      },
    }),
  };
}

function allOf({ labelled, unlabelled }: StepTensors): tf.Tensor4D {
  return concat([labelled.images, unlabelled!], 0);
}

/** The network's logits for all images, without a gradient. */
function predicted(view: View, { labelled, unlabelled }: StepTensors): tf.Tensor4D {
  return concat([view.predict(labelled.images), view.predict(unlabelled!)], 0);
}

/** The order in which both copies of the detector see the predictions. Applied again, it gives this network's first. */
function firstBranchFirst<T>({ branch }: View, mine: T, others: T): [T, T] {
  return branch === 1 ? [mine, others] : [others, mine];
}

/** The distance of both networks' flaws from the truth, which is known for the labelled images. */
function detectorLoss(
  answers: tf.Tensor4D[],
  flaws: tf.Tensor4D[],
  { labelled: { images, labels } }: StepTensors,
  config: Config,
): tf.Scalar {
  const firstOf = (x: tf.Tensor4D): tf.Tensor4D => tf.slice(x, 0, images.shape[0]);
  const errors = flaws.map((flaw, i) => {
    const found = config.flawMaps === 'original' ? clampedFlaws(flaw) : flaw;
    return mean(tf.squaredDifference(firstOf(found), trueFlaws(firstOf(answers[i]!), labels, config)));
  });
  return meanOf(errors);
}
