import type { Inspected } from '../../../runner/data/inspect/inspect-dataset.js';
export async function datasetPage(_: Inspected): Promise<string> {
  return '';
}
