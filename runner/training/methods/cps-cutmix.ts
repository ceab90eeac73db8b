import type { MethodConfig } from '../../../schema/run-config.js';
import { argmaxLabels, crossEntropy } from '../../operations/index.js';
import type { tf } from '../../operations/tf.js';
import { agreement } from './agreement.js';
import type { Method, MethodStep } from './method.js';
import { cutmixMasks, mix } from './mixing.js';
import { weighted } from './weighted.js';

type Config = Extract<MethodConfig, { name: 'cps_cutmix' }>;

/**
 * Cross pseudo supervision with CutMix, on unlabelled images only. Each network predicts two independent unlabelled images
 * without gradient, mixes the logits with a mask, and shows their argmax to the other. Each then predicts the image that is
 * mixed with the same mask, and learns the other's mixed labels.
 */
export function cpsCutmix(config: Config): Method {
  return {
    branches: 2,
    streams: { unlabelled: true, mix: config.sameOrder ? 'same order' : 'own order', strongViews: 0 },
    shows: () => 1,
    *step(view, { labelled, unlabelled, unlabelledMix }): MethodStep {
      const first = unlabelled!;
      const second = unlabelledMix!;
      const mask = cutmixMasks(view, first.shape, config);
      const unmixed = view.predict(first);
      const mine = argmaxLabels(mix(unmixed, view.predict(second), mask));
      const student = view.forward(mix(first, second, mask));
      const supervised = view.supervisedLoss(view.forward(labelled.images), labelled.labels);
      const others = (yield mine) as tf.Tensor3D;
      const cross = crossEntropy(student, others);
      return {
        total: weighted(supervised, [cross, view.ramp * config.weight]),
        parts: { supervised, cross },
        shares: { agreement: agreement(mine, others) },
        pseudoLabels: argmaxLabels(unmixed),
      };
    },
  };
}
