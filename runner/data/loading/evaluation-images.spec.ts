import { describe, expect, it } from 'vitest';
import { openShapes } from '../formats/shapes/shapes-dataset.js';
import { evaluationImage } from './evaluation-images.js';

describe('evaluationImage', () => {
  it('is the whole image, unscaled', async () => {
    const shapes = openShapes('shapes');
    const id = shapes.ids('VAL')[3]!;
    const batch = await evaluationImage(shapes, 'VAL', id);
    expect(batch).toMatchObject({ count: 1, height: 64, width: 64 });
    expect(batch.labels).toEqual((await shapes.load('VAL', id)).labels);
  });
});
