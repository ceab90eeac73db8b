import type { MethodConfig } from '../../../../schema/run-config.js';
import { withoutGradient } from '../../../operations/index.js';
import { tf } from '../../../operations/tf.js';
import type { Random } from '../../../random/random.js';
import { dropChannels } from '../drop-channels.js';
import { cutoutMask, foregroundMask, type LabelMap, type Size } from './object-masks.js';

/** The features of a pixel stay where their mean is under a share of the image's greatest; the share is drawn between these. */
const DROP_SHARES = [0.7, 0.9] as const;

type Config = Extract<MethodConfig, { name: 'cct' }>;

export interface PerturbationContext {
  random: Random;
  /** What the main decoder takes the images for. */
  labels: LabelMap;
  config: Pick<Config, 'dropout' | 'erase' | 'noise'>;
}

/** Features N,H,W,C → the same, perturbed; the gradient flows to what is left of them. */
type Perturb = (features: tf.Tensor4D, context: PerturbationContext) => tf.Tensor4D;

export type Perturbation = keyof Config['decoders'];

/** CCT's perturbations of features. Class 0 is the background. */
export const PERTURBATIONS: Record<Perturbation, Perturb> = {
  /** Whole channels of an image become 0, the others grow in proportion. */
  dropout(features, { random, config }) {
    return dropChannels(features, config.dropout, random);
  },

  /** Of each object, a rectangle of its bounding box becomes 0. */
  cutout(features, { random, labels, config }) {
    return masked(features, cutoutMask(random, labels, config.erase, sizeOf(features)));
  },

  /** Everything but the objects becomes 0. */
  contextMask(features, { labels }) {
    return masked(features, foregroundMask(labels, sizeOf(features)));
  },

  /** The objects become 0. */
  objectMask(features, { labels }) {
    return masked(
      features,
      foregroundMask(labels, sizeOf(features)).map((inside) => 1 - inside),
    );
  },

  /** The most active pixels of an image become 0. */
  featureDrop(features, { random }) {
    const share = DROP_SHARES[0] + (DROP_SHARES[1] - DROP_SHARES[0]) * random.uniform();
    const kept = withoutGradient(() => {
      const attention = tf.mean(features, 3, true);
      return tf.cast(tf.less(attention, tf.mul(tf.max(attention, [1, 2], true), share)), 'float32');
    });
    return tf.mul(features, kept);
  },

  /** Every value is multiplied by one near 1, the same in all images. */
  featureNoise(features, { random, config }) {
    const [, height, width, channels] = features.shape;
    const factors = Float32Array.from(
      { length: height * width * channels },
      () => 1 + config.noise * (2 * random.uniform() - 1),
    );
    return tf.mul(features, tf.tensor4d(factors, [1, height, width, channels]));
  },
};

function sizeOf(features: tf.Tensor4D): Size {
  return [features.shape[1], features.shape[2]];
}

/** `mask`: a value for each image and pixel. */
function masked(features: tf.Tensor4D, mask: Float32Array): tf.Tensor4D {
  const [count, height, width] = features.shape;
  return tf.mul(features, tf.tensor4d(mask, [count, height, width, 1]));
}
