import type { MethodConfig } from '../../../schema/run-config.js';
import { IGNORE_LABEL } from '../../data/images/ignore-label.js';
import { argmaxLabels, mean } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import type { BranchView, Method, MethodStep } from './method.js';
import { cutmixMasks, mix, mixPixels } from './mixing.js';
import { type Padding, withoutPadding } from './padding.js';
import { besideMixed, pastedMask, withPastedProbabilities } from './pasted.js';
import { squaredDifference } from './squared-difference.js';
import { weakObjects } from './weak-objects.js';
import { weighted } from './weighted.js';

/**
 * CutMix-Seg (French et al., BMVC 2020): a Mean Teacher whose network sees CutMix mixtures of unlabelled images and learns the
 * teacher's probabilities, mixed with the same mask. The loss is scaled by the share of the batch's pixels for which the
 * teacher is confident. With `balance.thresholds`, only the pixels that count have a loss, and it is not scaled.
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
    *step(
      view,
      { labelled, unlabelled, unlabelledMix, strong, strongMix, padding, paddingMix, pasted, weakClasses },
    ): MethodStep {
      const unmixed = view.teach(unlabelled!);
      const mixedIn = view.teach(unlabelledMix!);
      const objects = weakClasses && (yield* weakObjects(view, argmaxLabels(mixedIn), weakClasses));
      const mask = cutmixMasks(view, unlabelled!.shape, config, objects);
      const taught = tf.softmax(mix(unmixed, mixedIn, mask)) as tf.Tensor4D;
      const known = besideMixed(pasted, mask);
      const target = withPastedProbabilities(taught, known);
      const around = padding && paddingMix && mixPixels(padding, paddingMix, mask);
      const taughtSurely = yield* sureOf(view, taught, around, config.confidence);
      const sure = known ? tf.maximum(taughtSurely, pastedMask(known)) : taughtSurely;
      const confident = mean(sure);
      const [first, second] = config.strongColours ? [strong[0]!, strongMix[0]!] : [unlabelled!, unlabelledMix!];
      const student = tf.softmax(view.forward(mix(first, second, mask))) as tf.Tensor4D;
      const supervised = view.supervisedLoss(view.forward(labelled.images), labelled.labels);
      const compared = around ? inside([student, target], around) : ([student, target] as const);
      const consistency = view.thresholds.none
        ? (squaredDifference(...compared).mul(confident) as tf.Scalar)
        : squaredDifference(...inside(compared, tf.sub(1, sure)));
      return {
        total: weighted(supervised, [consistency, view.ramp * config.weight]),
        parts: { supervised, consistency },
        shares: { confident },
        pseudoLabels: argmaxLabels(unmixed),
      };
    },
  };
}

/** 1 where the teacher is sure (N,H,W), else 0: by the method's own confidence, or as `balance.thresholds` chooses. */
function* sureOf(view: BranchView, target: tf.Tensor4D, padding: Padding, confidence: number) {
  if (view.thresholds.none) return tf.cast(tf.greaterEqual(tf.max(target, 3), confidence), 'float32') as tf.Tensor3D;
  const taught = { labels: withoutPadding(argmaxLabels(target), padding), probabilities: () => target };
  const [labels] = (yield* view.thresholds.counted([taught])) as [tf.Tensor3D];
  return tf.cast(tf.notEqual(labels, IGNORE_LABEL), 'float32') as tf.Tensor3D;
}

/** Both maps with 0 where `left` is 1, such as in padding, so that they do not differ there. */
function inside(maps: readonly [tf.Tensor4D, tf.Tensor4D], left: tf.Tensor3D): [tf.Tensor4D, tf.Tensor4D] {
  const counts = tf.expandDims(tf.sub(1, left), 3);
  return maps.map((map) => tf.mul(map, counts)) as [tf.Tensor4D, tf.Tensor4D];
}
