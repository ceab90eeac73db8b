import { hasOwn, runOwn } from './own-kernels.js';
import { tf } from './tf.js';

/** A rectangle of an image in pixels. */
export interface Window {
  top: number;
  left: number;
  height: number;
  width: number;
}

/** Cuts the same rectangle out of every image, N,H,W,C → N,height,width,C. No gradient. */
export function cutWindow(x: tf.Tensor4D, window: Window): tf.Tensor4D {
  if (hasOwn('cutWindow')) return runOwn<tf.Tensor4D>('cutWindow', { x }, { ...window })[0]!;
  const [count, , , channels] = x.shape;
  return tf.slice(x, [0, window.top, window.left, 0], [count, window.height, window.width, channels]);
}

/** Adds `x` (N,height,width,C) to `sum` (N,H,W,C) at the position of the window, and returns the result. No gradient. */
export function addWindow(sum: tf.Tensor4D, x: tf.Tensor4D, { top, left, height, width }: Window): tf.Tensor4D {
  if (hasOwn('addWindow')) return runOwn<tf.Tensor4D>('addWindow', { sum, x }, { top, left })[0]!;
  const below = sum.shape[1] - top - height;
  const beside = sum.shape[2] - left - width;
  const padding: [number, number][] = [
    [0, 0],
    [top, below],
    [left, beside],
    [0, 0],
  ];
  return tf.add(sum, tf.pad(x, padding));
}
