import type { MethodConfig } from '../../../schema/run-config.js';
import type { Layer } from '../../networks/layers.js';
import { argmaxLabels, mean, meanOf, resizeBilinear, withoutGradient } from '../../operations/index.js';
import { tf } from '../../operations/tf.js';
import { randomStream } from '../../random/random.js';
import { read } from '../reading.js';
import { annealed } from './cct/annealed.js';
import { auxiliaryDecoder } from './cct/auxiliary-decoder.js';
import { PERTURBATIONS, type Perturbation } from './cct/perturbations.js';
import type { Method, MethodStep } from './method.js';
import { withPastedProbabilities } from './pasted.js';
import { weighted } from './weighted.js';

interface Decoder {
  kind: Perturbation;
  layer: Layer;
}

/**
 * Cross-consistency training (Ouali et al., CVPR 2020): auxiliary decoders, each with its own perturbation of the features of
 * the unlabelled images, learn the main decoder's prediction for the unperturbed features. That prediction carries no
 * gradient. The CPS authors perturb the features before the classifier instead, and anneal the supervised loss.
 */
export function cct(config: Extract<MethodConfig, { name: 'cct' }>): Method<Decoder[]> {
  return {
    branches: 1,
    streams: { unlabelled: true, mix: false, strongViews: 0 },
    shows: () => 0,
    parts: {
      build: (builder, { contextChannels, decoderChannels, classes, contextStride }) =>
        (Object.keys(PERTURBATIONS) as Perturbation[]).flatMap((kind) =>
          Array.from({ length: config.decoders[kind] }, (_, index) => {
            const name = `${kind}.${index}`;
            const layer =
              config.features === 'decoder'
                ? builder.conv(name, { inputs: decoderChannels, outputs: classes, kernel: 1, bias: true })
                : auxiliaryDecoder(builder, name, contextChannels, classes, contextStride);
            return { kind, layer };
          }),
        ),
    },
    *step(view, { labelled, unlabelled, pasted }): MethodStep {
      const { stages } = view;
      const known = view.forward(labelled.images);
      const hard = config.annealed ? annealed(view.step, view.iterations, known.shape[3]) : undefined;
      const supervised = view.supervisedLoss(known, labelled.labels, hard);
      const [count, height, width] = unlabelled!.shape;
      const { low, high } = stages.backbone(unlabelled!);
      const context = stages.context(high);
      const size = [height, width] as [number, number];
      const refined = config.features === 'decoder' ? stages.refine(context, low) : null;
      const features = refined ?? context;
      const main = withoutGradient(() =>
        refined ? stages.classify(refined, size) : stages.decode(context, low, size),
      );
      const pseudoLabels = argmaxLabels(main);
      const labels = { values: yield* read(pseudoLabels), count, height, width };
      const target = withPastedProbabilities(
        withoutGradient(() => tf.softmax(main)),
        pasted,
      );
      const distances = view.parts.map(({ kind, layer }, index) => {
        const random = randomStream(view.seed, 'cct', kind, view.step, index);
        const decoded = layer(PERTURBATIONS[kind](features, { random, labels, config }), true);
        return mean(tf.squaredDifference(tf.softmax(resizeBilinear(decoded, size)), target));
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
