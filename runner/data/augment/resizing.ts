import type { RunConfig } from '../../../schema/run-config.js';

export type Resize = RunConfig['augmentation']['resize'];

/** One side of an image, and the same side after scaling. `flip` if the image was mirrored along it before. */
export interface Axis {
  size: number;
  scaledSize: number;
  flip: boolean;
}

/** What the ways to scale an image do not have in common. */
export interface Resizing {
  /** The length of a side, in pixels. */
  side: (scaled: number) => number;
  /** A colour, from 0 to the full scale of the image's pixels. */
  colour: (interpolated: number) => number;
  /** The position of the label for position `at` of the scaled axis. Both count from the side where the unmirrored image starts. */
  label: (axis: Axis, at: number) => number;
}

export const RESIZING: Record<Resize, Resizing> = {
  centred: {
    side: Math.round,
    colour: (value) => value,
    label: ({ size, scaledSize }, at) => Math.min(Math.floor(((at + 0.5) * size) / scaledSize), size - 1),
  },
  /**
   * As the CPS authors do with OpenCV: int() for sides, cv2.resize with INTER_LINEAR of bytes for colours (OpenCV computes with
   * 11 bits, so it may round to the next byte) and with INTER_NEAREST for labels, which takes the first pixel that a pixel
   * covers, and not the one at its centre. The image is mirrored first.
   */
  opencv: {
    side: Math.floor,
    colour: Math.round,
    label: ({ size, scaledSize, flip }, at) => {
      // In OpenCV's order of operations, because of rounding.
      const step = 1 / (scaledSize / size);
      const from = (to: number) => Math.min(Math.floor(to * step), size - 1);
      return flip ? size - 1 - from(scaledSize - 1 - at) : from(at);
    },
  },
};
