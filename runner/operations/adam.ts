import { tf } from './tf.js';

export interface AdamOptions {
  learningRate: number;
  /** The decay rates of the moving averages of the gradients and of their squares, both in [0, 1). */
  betas: readonly [number, number];
  /** Added to the square root of the mean square. */
  epsilon: number;
  /** The factor by which the variable is added to its gradient, or decays if `decoupled`; default 0. */
  weightDecay?: number;
  /** Whether the variable decays by learningRate · weightDecay of itself before the step, apart from its gradient (AdamW). */
  decoupled?: boolean;
}

/** Adam's state for a variable: moving averages of its gradients and of their squares. Both start at zero. */
export interface AdamMoments {
  mean: tf.Variable;
  square: tf.Variable;
}

/**
 * Step number `time` (the first is 1) of Adam (Kingma and Ba, ICLR 2015), computed in PyTorch's order:
 * gradient ← gradient + weightDecay variable; mean ← beta1 mean + (1 − beta1) gradient; square ← beta2 square + (1 − beta2) gradient²;
 * variable ← variable − learningRate / (1 − beta1^time) · mean / (√square / √(1 − beta2^time) + epsilon).
 * AdamW (Loshchilov and Hutter, ICLR 2019) leaves the gradient as it is, and starts from (1 − learningRate · weightDecay) variable.
 */
export function applyAdam(
  variable: tf.Variable,
  gradient: tf.Tensor,
  { mean, square }: AdamMoments,
  time: number,
  { learningRate, betas, epsilon, weightDecay = 0, decoupled = false }: AdamOptions,
): void {
  const [beta1, beta2] = betas;
  tf.tidy(() => {
    const decays = weightDecay !== 0;
    const slope = decays && !decoupled ? tf.add(gradient, tf.mul(variable, weightDecay)) : gradient;
    const start = decays && decoupled ? tf.mul(variable, 1 - learningRate * weightDecay) : variable;
    const newMean = tf.add(tf.mul(mean, beta1), tf.mul(slope, 1 - beta1));
    const newSquare = tf.add(tf.mul(square, beta2), tf.mul(tf.square(slope), 1 - beta2));
    const scale = tf.add(tf.div(tf.sqrt(newSquare), Math.sqrt(1 - beta2 ** time)), epsilon);
    variable.assign(tf.sub(start, tf.mul(tf.div(newMean, scale), learningRate / (1 - beta1 ** time))));
    mean.assign(newMean);
    square.assign(newSquare);
  });
}
