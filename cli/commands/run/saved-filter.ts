import { UserError } from '../../../schema/exit-codes.js';
import { SavedFiltersDocument, type SavedFiltersQuery } from '../../../schema/generated/cli/graphql.js';
import type { Api } from '../../api.js';

export type SavedFilter = SavedFiltersQuery['savedFilters'][number];

/** The filter with an id, or the one that was saved under a name, ignoring case. @throws UserError unless there is exactly one */
export async function savedFilter(api: Api, reference: string): Promise<SavedFilter> {
  const { savedFilters } = await api.send(SavedFiltersDocument, {});
  const byId = savedFilters.find(({ id }) => id === reference);
  if (byId) return byId;
  const found = savedFilters.filter(({ name }) => name.toLowerCase() === reference.toLowerCase());
  if (found.length === 1) return found[0]!;
  if (found.length === 0) {
    const known = savedFilters.map(({ name }) => name).join(', ');
    throw new UserError(`there is no saved filter "${reference}" on ${api.url}${known && `; there are: ${known}`}`);
  }
  const ids = found.map(({ id, owner }) => `${id} (${owner.name})`).join(', ');
  throw new UserError(`${found.length} saved filters are called "${reference}"; give the id of one: ${ids}`);
}
