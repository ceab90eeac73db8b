import { invalid } from '../graphql/errors.js';
import { imageIdProblem } from '../graphql/ids.js';
import { shown } from '../graphql/texts.js';
import { ImageCounts } from './image-counts.js';
import type { EvaluationImagesInput } from './images.inputs.js';
import type { StoredImages } from './images.repository.js';

/**
 * The images of an evaluation, as they are stored.
 * @param what names the evaluation in errors
 * @param confusion its confusion matrix, which is valid
 * @throws BAD_USER_INPUT if an id or the counts are not valid, or the images do not add up to the matrix
 */
export function checkImages(
  what: string,
  { ids, counts }: EvaluationImagesInput,
  confusion: readonly number[],
  classes: number,
): StoredImages {
  const refuse = (field: string, message: string) => invalid(what, [{ field: `images.${field}`, message }]);
  const known = new Set<string>();
  for (const [index, id] of ids.entries()) {
    const problem = known.has(id) ? `occurs twice: ${shown(id)}` : imageIdProblem(id);
    if (problem) throw refuse(`ids.${index}`, problem);
    known.add(id);
  }
  const bytes = Buffer.from(counts, 'base64');
  if (bytes.toString('base64') !== counts) throw refuse('counts', `must be Base64; got ${shown(counts)}`);
  let images: ImageCounts;
  try {
    images = new ImageCounts(ids, bytes, classes);
  } catch (error) {
    throw refuse('counts', (error as Error).message);
  }
  const difference = images.differenceTo(confusion);
  if (difference) throw refuse('counts', difference);
  return { ids, counts: bytes };
}
