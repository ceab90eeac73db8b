import type { RunConfig } from '../../../schema/run-config.js';

export type Resize = RunConfig['augmentation']['resize'];

/** One side of an image, and the same side after scaling. `flip` if the image was mirrored along it before. */
export interface Axis {
  size: number;
  scaledSize: number;
  flip: boolean;
}

/** A factor, as a fraction: the order of operations decides how a side of half a pixel is rounded. */
export interface Scale {
  times: number;
  over: number;
}

/** What the ways to scale an image do not have in common. */
export interface Resizing {
  /** The length of a side of `size` pixels after scaling. */
  side: (size: number, scale: Scale) => number;
  /** Whether a colour is a mean of all pixels that it covers (`averagedWindow`), and not interpolated between the nearest. */
  averages?: true;
  /** A colour, from 0 to the full scale of the image's pixels. */
  colour: (interpolated: number) => number;
  /** The position of the label for position `at` of the scaled axis. Both count from the side where the unmirrored image starts. */
  label: (axis: Axis, at: number) => number;
}

const CENTRED: Resizing = {
  side: (size, { times, over }) => Math.round(size * (times / over)),
  colour: (value) => value,
  label: ({ size, scaledSize }, at) => Math.min(Math.floor(((at + 0.5) * size) / scaledSize), size - 1),
};

export const RESIZING: Record<Resize, Resizing> = {
  centred: CENTRED,
  /**
   * As the CPS authors do with OpenCV: int() for sides, cv2.resize with INTER_LINEAR of bytes for colours (OpenCV computes with
   * 11 bits, so it may round to the next byte) and with INTER_NEAREST for labels, which takes the first pixel that a pixel
   * covers, and not the one at its centre. The image is mirrored first.
   */
  opencv: {
    side: (size, { times, over }) => Math.floor(size * (times / over)),
    colour: Math.round,
    label: ({ size, scaledSize, flip }, at) => {
      // In OpenCV's order of operations, because of rounding.
      const step = 1 / (scaledSize / size);
      const from = (to: number) => Math.min(Math.floor(to * step), size - 1);
      return flip ? size - 1 - from(scaledSize - 1 - at) : from(at);
    },
  },
  /** As UniMatch and ST++ do with Pillow: BILINEAR for colours and NEAREST for labels, before the image is mirrored. */
  pillow: { ...CENTRED, side: (size, { times, over }) => Math.floor((size * times) / over + 0.5), averages: true },
};
