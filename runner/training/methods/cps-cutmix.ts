import type { MethodConfig } from '../../../schema/run-config.js';
import { argmaxLabels } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import { agreementShares } from './agreement.js';
import { crossLoss } from './cross-loss.js';
import type { BranchView, Method, MethodStep } from './method.js';
import { cutmixMasks, mix, mixPixels } from './mixing.js';
import { besideMixed, withPasted } from './pasted.js';
import { type WeakObjects, weakObjects } from './weak-objects.js';
import { weighted } from './weighted.js';

type Config = Extract<MethodConfig, { name: 'cps_cutmix' }>;

/**
 * Cross pseudo supervision with CutMix, on unlabelled images only. Each network predicts the labels of two independent unlabelled
 * images without gradient, mixes them with a mask, and shows them to the other. Each then predicts the image that is
 * mixed with the same mask, and learns the other's mixed labels.
 */
export function cpsCutmix(config: Config): Method {
  return {
    branches: 2,
    streams: { unlabelled: true, mix: config.sameOrder ? 'same order' : 'own order', strongViews: 0 },
    shows: () => 1,
    *step(view, { labelled, unlabelled, unlabelledMix, pasted, weakClasses }): MethodStep {
      const first = unlabelled!;
      const second = unlabelledMix!;
      const predicted = [view.predict(first), view.predict(second)].map((logits) => ({
        labels: argmaxLabels(logits),
        probabilities: () => tf.softmax(logits) as tf.Tensor4D,
      }));
      const [unmixed, mixedIn] = (yield* view.thresholds.counted(predicted)) as [tf.Tensor3D, tf.Tensor3D];
      const objects = yield* weakObjectsOfBoth(view, predicted[1]!.labels, weakClasses);
      const mask = cutmixMasks(view, first.shape, config, objects);
      const mine = mixPixels(unmixed, mixedIn, mask);
      const student = view.forward(mix(first, second, mask));
      const supervised = view.supervisedLoss(view.forward(labelled.images), labelled.labels);
      const others = (yield mine) as tf.Tensor3D;
      const cross = crossLoss(view, student, withPasted(others, besideMixed(pasted, mask)));
      return {
        total: weighted(supervised, [cross, view.ramp * config.weight]),
        parts: { supervised, cross },
        shares: agreementShares(view, mine, others),
        pseudoLabels: unmixed,
      };
    },
  };
}

/** The objects around which both networks put their boxes: network 1 finds them, so that both see the same mixture. */
function* weakObjectsOfBoth(
  view: BranchView,
  mine: tf.Tensor3D,
  weakClasses: readonly number[] | null,
): MethodStep<WeakObjects | null> {
  if (!weakClasses) return null;
  const others = (yield mine) as tf.Tensor3D;
  return yield* weakObjects(view, view.branch === 1 ? mine : others, weakClasses);
}
