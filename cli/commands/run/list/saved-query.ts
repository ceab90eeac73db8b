import { UserError } from '../../../../schema/exit-codes.js';
import { SavedFiltersDocument } from '../../../../schema/generated/cli/graphql.js';
import type { Api } from '../../../api.js';

/** The text of the filter that was saved under a name, ignoring case. @throws UserError unless there is exactly one */
export async function savedQuery(api: Api, name: string): Promise<string> {
  const { savedFilters } = await api.send(SavedFiltersDocument, {});
  const found = savedFilters.filter((each) => each.name.toLowerCase() === name.toLowerCase());
  if (found.length === 1) return found[0]!.query;
  if (found.length === 0) {
    const known = savedFilters.map((each) => each.name).join(', ');
    throw new UserError(`there is no saved filter "${name}" on ${api.url}${known && `; there are: ${known}`}`);
  }
  const owners = found.map(({ owner }) => owner.name).join(', ');
  throw new UserError(`saved filters of ${owners} are called "${name}"; give the text of one with --where`);
}
