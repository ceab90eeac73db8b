import type { MethodConfig } from '../../../../schema/run-config.js';
import { withoutGradient } from '../../../operations/index.js';
import { tf } from '../../../operations/tf.js';
import type { Random } from '../../../random/random.js';
import { dropChannels } from '../drop-channels.js';
import { cutoutMask, foregroundMask, type LabelMap, type Size } from './object-masks.js';

/**
 * Feature drop keeps the pixels whose mean feature is below a share of the image's highest. The share is random, between
 * these.
 */
const DROP_SHARES = [0.7, 0.9] as const;

type Config = Extract<MethodConfig, { name: 'cct' }>;

export interface PerturbationContext {
  random: Random;
  /** The main decoder's predictions for the images. */
  labels: LabelMap;
  config: Pick<Config, 'dropout' | 'erase' | 'noise'>;
}

/** Perturbs features N,H,W,C. The gradient flows through the values that remain. */
type Perturb = (features: tf.Tensor4D, context: PerturbationContext) => tf.Tensor4D;

export type Perturbation = keyof Config['decoders'];

/** CCT's feature perturbations. Class 0 is the background. */
export const PERTURBATIONS: Record<Perturbation, Perturb> = {
  /** Sets whole channels of an image to 0 and scales up the others in proportion. */
  dropout(features, { random, config }) {
    return dropChannels(features, config.dropout, random);
  },

  /** Sets a rectangle inside the bounding box of each object to 0. */
  cutout(features, { random, labels, config }) {
    return masked(features, cutoutMask(random, labels, config.erase, sizeOf(features)));
  },

  /** Sets everything outside the objects to 0. */
  contextMask(features, { labels }) {
    return masked(features, foregroundMask(labels, sizeOf(features)));
  },

  /** Sets the objects to 0. */
  objectMask(features, { labels }) {
    return masked(
      features,
      foregroundMask(labels, sizeOf(features)).map((inside) => 1 - inside),
    );
  },

  /** Sets the most active pixels of an image to 0. */
  featureDrop(features, { random }) {
    const share = DROP_SHARES[0] + (DROP_SHARES[1] - DROP_SHARES[0]) * random.uniform();
    const kept = withoutGradient(() => {
      const attention = tf.mean(features, 3, true);
      return tf.cast(tf.less(attention, tf.mul(tf.max(attention, [1, 2], true), share)), 'float32');
    });
    return tf.mul(features, kept);
  },

  /** Multiplies every value by a random factor near 1, the same for all images. */
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

/** Multiplies features by a mask with one value per image and pixel. */
function masked(features: tf.Tensor4D, mask: Float32Array): tf.Tensor4D {
  const [count, height, width] = features.shape;
  return tf.mul(features, tf.tensor4d(mask, [count, height, width, 1]));
}
