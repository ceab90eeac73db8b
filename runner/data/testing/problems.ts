import type { Dataset } from '../dataset.js';
import { DatasetError } from '../dataset-error.js';

/** What is wrong with a dataset that cannot be opened, each problem of which its message tells. */
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
