import { describe, expect, it } from 'vitest';
import type { TaggedImage } from './dataset.js';
import { orientationWarnings, requireFitting } from './orientation.js';

const tagged = (fits: TaggedImage['fits'], ...ids: string[]) =>
  ids.map((id): TaggedImage => ({ subset: 'TRAIN', id, orientation: 6, fits }));

describe('the warning about orientation tags', () => {
  const advice = (...images: TaggedImage[]) => orientationWarnings(images)[0]?.replace(/^.*configuration; /, '');

  it('says how many images have a tag, and what to do', () => {
    expect(orientationWarnings(tagged('both', 'a', 'b'))).toEqual([
      "2 images with an EXIF orientation tag (6 in a), which is not applied unless data.applyOrientation is true in a run's " +
        'configuration; if the labels were made on turned pictures, set it',
    ]);
    expect(advice(...tagged('turned', 'a'))).toBe('1 label (a) has the size of the turned picture, so set it');
    expect(advice(...tagged('both', 'x'), ...tagged('turned', 'a', 'b', 'c', 'd', 'e', 'f'))).toBe(
      '6 labels (a, b, c, d, e and 1 more) have the size of the turned picture, so set it',
    );
    expect(advice(...tagged('turned', 'a', 'b'), ...tagged('stored', 'c'))).toBe(
      '2 labels (a, b) have the size of the turned picture, but 1 label (c) that of the stored one: turn the pictures of the ' +
        'former, and save them without the tag',
    );
  });

  it('is left out if all labels fit only the stored pictures', () => {
    expect(orientationWarnings([])).toEqual([]);
    expect(orientationWarnings(tagged('stored', 'a', 'b'))).toEqual([]);
  });
});

describe('a run', () => {
  it('may use images whose labels fit its setting', () => {
    requireFitting([...tagged('both', 'a'), ...tagged('stored', 'b')], false);
    requireFitting([...tagged('both', 'a'), ...tagged('turned', 'b')], true);
  });

  it('is refused with the setting, an image and its tag if some do not fit', () => {
    expect(() => requireFitting([...tagged('both', 'a'), ...tagged('turned', 'b')], false)).toThrow(
      'data.applyOrientation is false, but 1 image of this run fits its label only when turned, such as train b with the EXIF ' +
        'orientation 6; set it to true',
    );
    expect(() => requireFitting(tagged('stored', 'b', 'c'), true)).toThrow(
      'data.applyOrientation is true, but 2 images of this run fit their labels only as stored, such as train b with the EXIF ' +
        'orientation 6; set it to false',
    );
    const mixed = [...tagged('turned', 'a'), ...tagged('stored', 'b')];
    for (const setting of [true, false])
      expect(() => requireFitting(mixed, setting)).toThrow('turn the pictures whose labels need it');
  });
});
