import { UserError } from '../schema/exit-codes.js';
import { StudiesDocument, type StudiesQuery } from '../schema/generated/cli/graphql.js';
import type { Api } from './api.js';

/** The id of a study, from its id or name. @throws UserError unless exactly one study has that name */
export async function studyIdOf(api: Api, study: string): Promise<string> {
  const found: string[] = [];
  let after: string | null = null;
  for (;;) {
    const { studies }: StudiesQuery = await api.send(StudiesDocument, { after });
    for (const { node } of studies.edges) {
      if (node.id === study) return node.id;
      if (node.name === study) found.push(node.id);
    }
    if (!studies.pageInfo.hasNextPage) break;
    after = studies.pageInfo.endCursor;
  }
  const [id, ...others] = found;
  if (id && others.length === 0) return id;
  if (!id) throw new UserError(`there is no study "${study}" on ${api.url}`);
  throw new UserError(`${found.length} studies are called "${study}": give the id of one: ${found.join(', ')}`);
}
