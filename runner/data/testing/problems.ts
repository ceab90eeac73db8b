import type { Dataset } from '../dataset.js';
import { DatasetError } from '../dataset-error.js';

/** The problems of a dataset that cannot be opened. Fails if the error's message does not contain all of them. */
export async function problemsOf(opening: Promise<Dataset>): Promise<readonly string[]> {
  const error = await opening.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DatasetError)) throw new Error(`expected a DatasetError, got ${error}`);
  for (const problem of error.problems) {
    if (!error.message.includes(problem)) throw new Error(`the message lacks "${problem}": ${error.message}`);
  }
  return error.problems;
}
