import type { LabelMap } from './png-labels.js';

/** The pixels of a label file: one value each or, in a colour picture, red, green and blue. */
export type DecodedLabel =
  | (LabelMap & { kind: 'values' })
  | { kind: 'colours'; width: number; height: number; rgb: Uint8Array };
