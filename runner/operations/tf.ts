/**
 * The only place that imports TensorFlow.js: all runner code takes `tf` from here, so that there is one instance of it with
 * its gradients registered, and no start-up banner.
 */
import * as tf from '@tensorflow/tfjs';

// Production mode only silences advertisements ("you are running TensorFlow.js in Node.js ...") and debug checks.
tf.enableProdMode();

export { tf };
