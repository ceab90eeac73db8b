import { UserError } from '../../../schema/exit-codes.js';
import { FindRunDocument, type FindRunQuery } from '../../../schema/generated/cli/graphql.js';
import type { Api } from '../../api.js';

/** A run's number or its id, as the variables of a query. */
export type RunReference = { id: string } | { number: number };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Parses "12", "#12" or an id. @throws UserError for anything else */
export function runReference(text: string): RunReference {
  const [, number] = /^#?(\d{1,9})$/.exec(text) ?? [];
  if (number) return { number: Number(number) };
  if (UUID.test(text)) return { id: text };
  throw new UserError(`"${text}" does not name a run: give its number, such as 12 or #12, or its id`);
}

/** The run that an argument names, asked of the server. @throws UserError if there is none */
export async function findRun(api: Api, text: string): Promise<NonNullable<FindRunQuery['run']>> {
  const { run } = await api.send(FindRunDocument, runReference(text));
  if (!run) throw noSuchRun(text, api);
  return run;
}

export function noSuchRun(text: string, api: Api): UserError {
  return new UserError(`there is no run ${text} on ${api.url}; "crosscheck run list" lists all runs`);
}
