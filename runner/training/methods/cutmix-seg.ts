import type { MethodConfig } from '../../../schema/run-config.js';
import { argmaxLabels, mean } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import type { Method, MethodStep } from './method.js';
import { cutmixMasks, mix, mixPixels } from './mixing.js';
import { squaredDifference } from './squared-difference.js';
import { weighted } from './weighted.js';

/**
 * CutMix-Seg (French et al., BMVC 2020): a Mean Teacher whose network sees CutMix mixtures of unlabelled images and learns the
 * teacher's probabilities, mixed with the same mask. The loss is scaled by the share of the batch's pixels for which the
 * teacher is confident.
 */
export function cutmixSeg(config: Extract<MethodConfig, { name: 'cutmix_seg' }>): Method {
  return {
    branches: 1,
    streams: {
      unlabelled: true,
      mix: 'own order',
      strongViews: config.strongColours ? 1 : 0,
      colours: 'milder',
      padding: config.ignorePadding,
    },
    shows: () => 0,
    teacher: { decay: () => config.decay, evaluated: true },
    // biome-ignore lint/correctness/useYield: a single network has no other to show its labels to.
    *step(view, { labelled, unlabelled, unlabelledMix, strong, strongMix, padding, paddingMix }): MethodStep {
      const mask = cutmixMasks(view, unlabelled!.shape, config);
      const unmixed = view.teach(unlabelled!);
      const target = tf.softmax(mix(unmixed, view.teach(unlabelledMix!), mask)) as tf.Tensor4D;
      const confident = mean(tf.cast(tf.greaterEqual(tf.max(target, 3), config.confidence), 'float32'));
      const [first, second] = config.strongColours ? [strong[0]!, strongMix[0]!] : [unlabelled!, unlabelledMix!];
      const student = tf.softmax(view.forward(mix(first, second, mask))) as tf.Tensor4D;
      const supervised = view.supervisedLoss(view.forward(labelled.images), labelled.labels);
      const around = padding && paddingMix && mixPixels(padding, paddingMix, mask);
      const distance = around
        ? squaredDifference(...inside([student, target], around))
        : squaredDifference(student, target);
      const consistency = distance.mul(confident) as tf.Scalar;
      return {
        total: weighted(supervised, [consistency, view.ramp * config.weight]),
        parts: { supervised, consistency },
        shares: { confident },
        pseudoLabels: argmaxLabels(unmixed),
      };
    },
  };
}

/** Both maps with 0 where the image is padding, so that they do not differ there. */
function inside(maps: [tf.Tensor4D, tf.Tensor4D], padding: tf.Tensor3D): [tf.Tensor4D, tf.Tensor4D] {
  const counts = tf.expandDims(tf.sub(1, padding), 3);
  return maps.map((map) => tf.mul(map, counts)) as [tf.Tensor4D, tf.Tensor4D];
}
