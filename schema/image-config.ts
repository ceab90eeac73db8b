import { z } from 'zod';
import { ownRule } from './problems/issues.js';

export const dataConfig = z.strictObject({
  applyOrientation: z
    .boolean()
    .default(false)
    .meta({ since: 2, absent: false })
    .describe(
      'Turn pictures as their EXIF orientation tag says, if the labels were made on turned pictures. ' +
        'By default, pictures and labels are used as stored.',
    ),
  imageScale: z
    .number()
    .min(0.05)
    .max(1)
    .default(1)
    .describe('Shrinks every image and its labels first, in training and in evaluation.'),
});

/** Until version 3, only multiples of 8 were allowed. */
const cropSide = z
  .int()
  .min(32)
  .max(2048)
  .meta({ others: { than: 8, since: 3 } });

const scale = z.number().min(0.25).max(4);

const scaleRange = z
  .strictObject({ from: scale, to: scale })
  .refine(({ from, to }) => from <= to, ownRule('SCALES_REVERSED'))
  .meta({ since: 3 });

export const augmentationConfig = z.strictObject({
  crop: z.tuple([cropSide, cropSide]).default([64, 64]).describe('Height and width of a training crop in pixels.'),
  scales: z
    .union([z.array(scale).min(1).max(20), scaleRange])
    .default([0.75, 1, 1.25, 1.5])
    .describe('Scale factors, of which one is drawn per image, or a range, such as {"from": 0.5, "to": 2}.'),
  resize: z
    .enum(['centred', 'opencv', 'pillow'])
    .default('centred')
    .meta({ since: 3, absent: 'centred', later: { pillow: 4 } })
    .describe(
      'How an image is scaled. `centred`: sides are rounded, and a label is the one at the centre of its pixel. `opencv`: as in ' +
        'the code of the CPS authors: sides are rounded down, colours to whole numbers, and a label may be that of the pixel before. ' +
        '`pillow`: as in the code of UniMatch and ST++: like `centred`, but colours are rounded, and a smaller image has means of ' +
        'all pixels that a pixel covers.',
    ),
  padding: z
    .enum(['mean', 'black'])
    .default('mean')
    .meta({ since: 3, absent: 'mean' })
    .describe(
      'How an image that is smaller than the crop is padded: on all sides with the mean colour, or with black at its ' +
        'right and bottom before it is mirrored.',
    ),
  flip: z.number().min(0).max(1).default(0.5).describe('Probability of a horizontal flip.'),
});
