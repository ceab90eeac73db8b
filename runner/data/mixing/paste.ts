import type { Batch } from '../dataset.js';
import { IGNORE_LABEL } from '../images/ignore-label.js';

/**
 * Pastes the pixels of `from` that have a label, and one for which `wanted` is true, into the images of `into`, at the same place:
 * in the image, in its strong views, and as the label of the pixel. Notes the labels in `into.pasted`, and that these pixels are not
 * padding. Both batches have the same sizes and numbers of strong views.
 */
export function paste(from: Batch, into: Batch, wanted: (label: number) => boolean): void {
  const { channels } = into;
  into.pasted ??= new Uint8Array(into.labels.length).fill(IGNORE_LABEL);
  const views = [
    [into.images, from.images] as const,
    ...into.strong.map((view, i) => [view, from.strong[i]!] as const),
  ];
  for (const [at, label] of from.labels.entries()) {
    if (label === IGNORE_LABEL || !wanted(label)) continue;
    into.pasted[at] = label;
    into.labels[at] = label;
    if (into.padding) into.padding[at] = 0;
    for (const [view, source] of views) {
      for (let i = at * channels; i < (at + 1) * channels; i++) view[i] = source[i]!;
    }
  }
}
