import type { MethodConfig } from '../../../schema/run-config.js';
import type { Layer } from '../../networks/layers.js';
import { argmaxLabels, mean, resizeBilinear, withoutGradient } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import { randomStream } from '../../random/random.js';
import { auxiliaryDecoder } from './cct/auxiliary-decoder.js';
import { PERTURBATIONS, type Perturbation } from './cct/perturbations.js';
import { meanOf } from './mean-of.js';
import { type Method, type MethodStep, read } from './method.js';
import { weighted } from './weighted.js';

interface Decoder {
  kind: Perturbation;
  layer: Layer;
}

/**
 * Cross-consistency training (Ouali et al., CVPR 2020): auxiliary decoders, each with its own perturbation of the features of
 * the unlabelled images, learn the main decoder's prediction for the unperturbed features. That prediction carries no
 * gradient.
 */
export function cct(config: Extract<MethodConfig, { name: 'cct' }>): Method<Decoder[]> {
  return {
    branches: 1,
    streams: { unlabelled: true, mix: false, strongViews: 0 },
    shows: () => 0,
    parts: {
      build: (builder, { contextChannels, classes, contextStride }) =>
        (Object.keys(PERTURBATIONS) as Perturbation[]).flatMap((kind) =>
          Array.from({ length: config.decoders[kind] }, (_, index) => {
            const name = `${kind}.${index}`;
            return { kind, layer: auxiliaryDecoder(builder, name, contextChannels, classes, contextStride) };
          }),
        ),
    },
    *step(view, { labelled, unlabelled }): MethodStep {
      const supervised = view.supervisedLoss(view.forward(labelled.images), labelled.labels);
      const [count, height, width] = unlabelled!.shape;
      const { low, high } = view.stages.backbone(unlabelled!);
      const features = view.stages.context(high);
      const main = withoutGradient(() => view.stages.decode(features, low, [height, width]));
      const pseudoLabels = argmaxLabels(main);
      const labels = { values: yield* read(pseudoLabels), count, height, width };
      const target = withoutGradient(() => tf.softmax(main));
      const distances = view.parts.map(({ kind, layer }, index) => {
        const random = randomStream(view.seed, 'cct', kind, view.step, index);
        const decoded = layer(PERTURBATIONS[kind](features, { random, labels, config }), true);
        return mean(tf.squaredDifference(tf.softmax(resizeBilinear(decoded, [height, width])), target));
      });
      const consistency = meanOf(distances);
      return {
        total: weighted(supervised, [consistency, view.ramp * config.weight]),
        parts: { supervised, consistency },
        pseudoLabels,
      };
    },
  };
}
