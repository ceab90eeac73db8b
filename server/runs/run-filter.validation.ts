import type { Mistake, Problem } from '../../schema/problems/problem.js';
import { METHOD_LABELS } from '../../schema/run-config.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import { invalid } from '../graphql/errors.js';
import { checkFilterId } from '../graphql/ids.js';
import { inputMistake } from '../graphql/reasons/problems.js';
import { listed } from '../graphql/texts.js';
import type { RunFilter } from './runs.inputs.js';

/** Names of datasets to list in a message. */
const MAX_LISTED = 20;

/**
 * Checks the values of a filter that no run can have. With a misspelt method, an empty list would look like an answer.
 * Studies, splits and tags may have been deleted, so an unknown one is not an error.
 * @throws BAD_USER_INPUT that lists the allowed values
 */
export async function checkRunFilter(filter: RunFilter, datasets: DatasetsService): Promise<void> {
  checkFilterId('filter.studyId', filter.studyId);
  const problems: Problem[] = [];
  const methods = Object.keys(METHOD_LABELS);
  for (const method of filter.methods ?? []) {
    if (methods.includes(method)) continue;
    problems.push({ field: 'filter.methods', ...inputMistake('UNKNOWN_METHOD', { name: method, allowed: methods }) });
  }
  const { dataset } = filter;
  if (dataset && !(await datasets.byName(dataset))) {
    problems.push({ field: 'filter.dataset', ...unknownDataset(dataset, await datasets.names()) });
  }
  if (problems.length > 0) throw invalid('the filter', problems);
}

function unknownDataset(name: string, known: string[]): Mistake {
  const others =
    known.length === 0 ? 'no runner has announced any dataset yet' : `known datasets: ${listed(known, MAX_LISTED)}`;
  return inputMistake('UNKNOWN_DATASET_IN_FILTER', { name, known: known.slice(0, MAX_LISTED) }, { others });
}
