import { describe, expect, it } from 'vitest';
import { emptyBatch } from '../augment/augment.js';
import type { Batch } from '../dataset.js';
import { paste } from './paste.js';

describe('paste', () => {
  it('copies image, strong views and label of the wanted pixels, and nothing else', () => {
    const batch = (first: number): Batch => {
      const made = emptyBatch(1, 2, 3, 3);
      made.images.forEach((_, i) => {
        made.images[i] = first + i;
      });
      made.strong = [made.images.map((value) => -value)];
      return made;
    };
    const [from, into] = [batch(1000), batch(0)];
    from.labels.set([4, 255, 5, 4, 0, 5]);
    into.labels.set([1, 1, 1, 1, 1, 1]);
    into.padding = new Uint8Array([1, 1, 0, 0, 1, 1]);
    const before = structuredClone(into);
    paste(from, into, (label) => label !== 5);
    const isPasted = [true, false, false, true, true, false];
    expect([...into.pasted!]).toEqual([4, 255, 255, 4, 0, 255]);
    expect([...into.labels]).toEqual([4, 1, 1, 4, 0, 1]);
    expect([...into.padding!]).toEqual([0, 1, 0, 0, 0, 1]);
    for (let i = 0; i < 18; i++) {
      const source = isPasted[Math.floor(i / 3)] ? from : before;
      expect(into.images[i]).toBe(source.images[i]);
      expect(into.strong[0]![i]).toBe(source.strong[0]![i]);
    }
  });
});
