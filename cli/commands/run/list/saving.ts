import { UserError } from '../../../../schema/exit-codes.js';
import { CreateSavedFilterDocument } from '../../../../schema/generated/cli/graphql.js';
import type { Api } from '../../../api.js';
import { type FieldTexts, withPlaces } from './field-texts.js';

/** What a saved filter keeps of a list. */
export interface Saving {
  query: string | undefined;
  columns: FieldTexts | null;
  sort: string | null;
  shared: boolean;
}

/** Saves a filter. @throws UserError without `--where`, for a name that is taken, or for what is not valid */
export async function saveFilter(api: Api, name: string, { query, columns, sort, shared }: Saving): Promise<void> {
  if (query === undefined) throw new UserError('--save saves the filter of --where, which is missing');
  const input = { name, query, columns: columns?.texts ?? null, sort, shared };
  await withPlaces(columns ? [{ ...columns, argument: 'columns' }] : [], () =>
    api.send(CreateSavedFilterDocument, { input }),
  );
}

/** Refuses what a saved filter cannot keep, so that it never finds other runs than the list that it was saved from. */
export function refuseUnsaved(given: Readonly<Record<string, boolean>>): void {
  const unsaved = Object.keys(given).filter((option) => given[option]);
  if (unsaved.length === 0) return;
  throw new UserError(
    `--save keeps --where, --columns and --sort, but not ${unsaved.join(', ')}: write conditions into --where`,
  );
}
