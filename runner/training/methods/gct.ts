import type { MethodConfig } from '../../../schema/run-config.js';
import { argmaxLabels, concat, constant, mean } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import { agreement } from './agreement.js';
import { type FlawDetector, flawDetector } from './gct/flaw-detector.js';
import { guidance, trueFlaws } from './gct/flaw-maps.js';
import { meanOf } from './mean-of.js';
import type { Method, MethodStep } from './method.js';
import { weighted } from './weighted.js';

/** The authors' settings of Adam for the flaw detector. */
const BETAS = [0.9, 0.99] as const;
const EPSILON = 1e-8;

/**
 * Guided collaborative training (Ke et al., ECCV 2020): a flaw detector learns from the labelled images where a network is
 * wrong. Where one of the two networks is less wrong, the other learns its probabilities. Where both are wrong, each is
 * trained so that the detector finds no flaw.
 */
export function gct(config: Extract<MethodConfig, { name: 'gct' }>): Method<FlawDetector> {
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
    },
    *step(view, { labelled, unlabelled }): MethodStep {
      const known = view.forward(labelled.images);
      const supervised = view.supervisedLoss(known, labelled.labels);
      const mine = tf.softmax(concat([known, view.forward(unlabelled!)], 0)) as tf.Tensor4D;
      const others = (yield mine) as tf.Tensor4D;
      const images = concat([labelled.images, unlabelled!], 0);
      const count = labelled.images.shape[0];

      // The detector's loss: in both copies, the prediction of branch 1 comes first.
      const answers = view.branch === 1 ? [constant(mine), others] : [others, constant(mine)];
      const flaws = answers.map((answer) => view.parts(images, answer));
      const errors = flaws.map((flaw, i) => {
        const truth = trueFlaws(firstOf(answers[i]!, count), labelled.labels, config);
        return mean(tf.squaredDifference(firstOf(flaw, count), truth));
      });
      const detector = meanOf(errors);

      // The network's losses: the detector's weights are constant here.
      const [myFlaws, otherFlaws] = view.branch === 1 ? flaws : flaws.toReversed();
      const { target, bothWrong } = guidance(constant(mine), others, myFlaws!, otherFlaws!, config.threshold);
      const seen = view.parts(images, mine, { held: true });
      const correction = mean(tf.mul(tf.square(seen), bothWrong));
      const consistency = mean(tf.squaredDifference(mine, target));

      const pseudoLabels = argmaxLabels(mine.slice(count));
      return {
        total: weighted(
          supervised,
          [detector, 1],
          [correction, config.correctionWeight],
          [consistency, view.ramp * config.consistencyWeight],
        ),
        parts: { supervised, detector, correction, consistency },
        shares: { agreement: agreement(pseudoLabels, argmaxLabels(others.slice(count))) },
        pseudoLabels,
      };
    },
  };
}

function firstOf(x: tf.Tensor4D, count: number): tf.Tensor4D {
  return tf.slice(x, 0, count);
}
