/**
 * Pixels of the classes in a label: class, pixels, class, pixels … in ascending order. Ignored pixels are those of the class after
 * the last. Classes without a pixel are left out, because a label holds few of hundreds of classes.
 */
export type ClassCounts = number[];

/** Counts the pixels of each class. */
export function countPixels(labels: Uint8Array, classCount: number): ClassCounts {
  const byValue = new Uint32Array(256);
  // Neighbours mostly have the same value.
  for (let at = 0; at < labels.length; ) {
    const start = at;
    const value = labels[at]!;
    do at++;
    while (at < labels.length && labels[at] === value);
    byValue[value]! += at - start;
  }
  const counts: ClassCounts = [];
  let ignored = labels.length;
  for (let index = 0; index < classCount; index++) {
    if (byValue[index] === 0) continue;
    counts.push(index, byValue[index]!);
    ignored -= byValue[index]!;
  }
  return ignored === 0 ? counts : [...counts, classCount, ignored];
}

/** The pixels of a class in a label. */
export function pixelsOf(counts: ClassCounts, index: number): number {
  for (let at = 0; at < counts.length; at += 2) if (counts[at] === index) return counts[at + 1]!;
  return 0;
}

/** Of several labels, by class and, last, for ignored pixels: all pixels, and the labels that have any. */
export function addUp(all: readonly ClassCounts[], classCount: number): { pixels: number[]; images: number[] } {
  const pixels = new Array<number>(classCount + 1).fill(0);
  const images = new Array<number>(classCount + 1).fill(0);
  for (const counts of all) {
    for (let at = 0; at < counts.length; at += 2) {
      pixels[counts[at]!]! += counts[at + 1]!;
      images[counts[at]!]! += 1;
    }
  }
  return { pixels, images };
}

/** By class and, last, ignored pixels. */
export function asList(counts: ClassCounts, classCount: number): number[] {
  return addUp([counts], classCount).pixels;
}

/** Whether a label has no pixel of any class. */
export function isBlank(counts: ClassCounts, classCount: number): boolean {
  return counts.length === 0 || counts[0] === classCount;
}
