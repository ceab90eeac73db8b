import type { MethodConfig } from '../../../schema/run-config.js';
import { argmaxLabels, concat, constant, meanOf } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import { randomStream } from '../../random/random.js';
import { dropChannels } from './drop-channels.js';
import type { BranchView, Method, MethodStep } from './method.js';
import { boxMasks, mix, mixPixels } from './mixing.js';
import { decidedInside } from './padding.js';
import { withPasted } from './pasted.js';
import { confidentEntropy, surelyLabelled } from './sure-labels.js';
import { weakObjects } from './weak-objects.js';
import { weighted } from './weighted.js';

/**
 * UniMatch (Yang et al., CVPR 2023): the network's confident predictions for a weak view of an unlabelled image are the
 * targets for two strong views, into which boxes of other images are pasted, and for the weak view's features with dropped
 * channels.
 */
export function unimatch(config: Extract<MethodConfig, { name: 'unimatch' }>): Method {
  return {
    branches: 1,
    streams: {
      unlabelled: true,
      mix: config.sameOrder ? 'same order' : 'own order',
      strongViews: 2,
      padding: config.ignorePadding,
    },
    shows: () => 0,
    *step(
      view,
      { labelled, unlabelled, unlabelledMix, strong, strongMix, padding, paddingMix, pasted, weakClasses },
    ): MethodStep {
      const predicted = view.predict(unlabelledMix!, 'evaluate');
      const { known, weak, perturbed } = forwardPerturbed(view, labelled.images, unlabelled!, config.dropout);
      const supervised = view.supervisedLoss(known, labelled.labels);
      const sources = [
        { probabilities: probabilitiesOf(constant(weak)), padding },
        { probabilities: probabilitiesOf(predicted), padding: paddingMix },
      ];
      const [labels, boxed] = (yield* surelyLabelled(view, sources, config.confidence)) as [tf.Tensor3D, tf.Tensor3D];
      const learned = withPasted(labels, pasted);
      const feature = confidentEntropy(view, perturbed, learned, padding);

      const objects = weakClasses && (yield* weakObjects(view, argmaxLabels(predicted), weakClasses));
      const masks = strong.map((_, number) => boxMasks(view, number, unlabelled!.shape, config.cutmix, objects));
      const mixed = masks.map((mask, number) => mix(strong[number]!, strongMix[number]!, mask));
      const students = tf.split(view.forward(concat(mixed, 0)), masks.length) as tf.Tensor4D[];
      const losses = masks.map((mask, number) => {
        const around = padding && paddingMix && mixPixels(padding, paddingMix, mask);
        return confidentEntropy(view, students[number]!, mixPixels(learned, boxed, mask), around);
      });
      const views = meanOf(losses);

      const half = (view.ramp * config.weight) / 2;
      return {
        total: weighted(supervised, [views, half], [feature, half]).div(2),
        parts: { supervised, strong: views, feature },
        shares: { confident: decidedInside(labels, padding) },
        pseudoLabels: labels,
      };
    },
  };
}

/**
 * Logits of the labelled images, of the unlabelled ones, and of the unlabelled ones with dropped channels in the backbone's
 * features. All pass through the network together, including labelled ones with dropped channels, which only affect the
 * statistics of the batch.
 */
function forwardPerturbed(view: BranchView, labelled: tf.Tensor4D, unlabelled: tf.Tensor4D, rate: number) {
  const images = concat([labelled, unlabelled], 0);
  const { low, high } = view.stages.backbone(images);
  const random = randomStream(view.seed, 'unimatch', view.step);
  const all = [low, high].map((features) => concat([features, dropChannels(features, rate, random)], 0));
  const [count, height, width] = images.shape;
  const logits = view.stages.decode(view.stages.context(all[1]!), all[0]!, [height, width]);
  const [start, size] = [labelled.shape[0], unlabelled.shape[0]];
  return {
    known: tf.slice(logits, 0, start),
    weak: tf.slice(logits, start, size),
    perturbed: tf.slice(logits, count + start, size),
  };
}

function probabilitiesOf(logits: tf.Tensor4D): tf.Tensor4D {
  return tf.softmax(logits);
}
