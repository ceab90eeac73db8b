import { describe, expect, it } from 'vitest';
import { Confusion, ConfusionOfImages } from './confusion.js';

describe('Confusion', () => {
  it('counts truth by prediction and skips ignored pixels', () => {
    const confusion = new Confusion(4);
    confusion.add(Uint8Array.of(0, 1, 2, 255), Uint8Array.of(0, 1, 1, 3));
    expect(confusion.counts).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    // IoU of the four classes: 1, 0.5, 0, none.
    expect(confusion.meanIou()).toBe(0.5);
  });

  it('adds up the counts of several images', () => {
    const confusion = new Confusion(2);
    confusion.add(Uint8Array.of(0, 1), Uint8Array.of(0, 0));
    confusion.add(Uint8Array.of(0, 1), Uint8Array.of(0, 1));
    expect(confusion.counts).toEqual([2, 0, 1, 1]);
    expect(confusion.meanIou()).toBeCloseTo((2 / 3 + 1 / 2) / 2, 12);
  });

  it('has no mean IoU when nothing was counted', () => {
    expect(new Confusion(3).meanIou()).toBeNaN();
  });
});

describe('ConfusionOfImages', () => {
  it('counts all images as Confusion does, and each of them', () => {
    const images = new ConfusionOfImages(2);
    const sure = (...labels: number[]) => ({
      labels: Uint8Array.from(labels),
      probabilities: Float32Array.from(labels.flatMap((label) => [1 - label, label])),
    });
    images.addImage('b', Uint8Array.of(0, 1, 1), sure(0, 0, 1));
    images.addImage('ignored', Uint8Array.of(255, 255), sure(0, 1));
    images.addImage('a', Uint8Array.of(1), sure(0));
    expect(images.confidence.means()).toEqual([1, 1 / 3]);
    expect(images.counts).toEqual([1, 0, 2, 1]);
    const { ids, counts } = images.images();
    expect(ids).toEqual(['b', 'ignored', 'a']);
    // Three cells with a pixel each, none, and one.
    expect([...counts]).toEqual([3, 1, 1, 2, 1, 1, 1, 0, 1, 3, 1]);
  });
});
