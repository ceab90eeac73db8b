import type { Mistake } from '../../schema/problems/problem.js';
import { invalid } from '../graphql/errors.js';
import { imageIdProblem } from '../graphql/ids.js';
import { inputMistake } from '../graphql/reasons/problems.js';
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
  const refuse = (field: string, mistake: Mistake) => invalid(what, [{ field: `images.${field}`, ...mistake }]);
  const known = new Set<string>();
  for (const [index, id] of ids.entries()) {
    const problem = known.has(id) ? inputMistake('ID_TWICE', { id }) : imageIdProblem(id);
    if (problem) throw refuse(`ids.${index}`, problem);
    known.add(id);
  }
  const bytes = Buffer.from(counts, 'base64');
  if (bytes.toString('base64') !== counts) throw refuse('counts', inputMistake('NOT_BASE64', { value: counts }));
  let images: ImageCounts;
  try {
    images = new ImageCounts(ids, bytes, classes);
  } catch (error) {
    throw refuse('counts', inputMistake('IMAGE_COUNTS_INVALID', { error: (error as Error).message }));
  }
  const difference = images.differenceTo(confusion);
  if (difference) throw refuse('counts', difference);
  return { ids, counts: bytes };
}
