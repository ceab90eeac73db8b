import { InvalidArgumentError } from 'commander';
import { UserError } from '../../../../schema/exit-codes.js';
import {
  type RunState,
  type RunWhere,
  StudiesDocument,
  type StudiesQuery,
} from '../../../../schema/generated/cli/graphql.js';
import type { Api } from '../../../api.js';

/** The options that runs must meet, besides the text of `--where`. */
export interface ConditionOptions {
  state: RunState[];
  dataset?: string;
  method: string[];
  study?: string;
  tag: string[];
  search?: string;
  /** Whether archived runs are listed, too. */
  archived: boolean;
}

export const STATES: readonly RunState[] = ['QUEUED', 'RUNNING', 'CANCELING', 'COMPLETED', 'FAILED', 'CANCELED'];

/** The condition that the options stand for; null if there are none. @throws UserError for an unknown study */
export async function conditionOf(api: Api, options: ConditionOptions): Promise<RunWhere | null> {
  const { state, dataset, method, study, tag, search, archived } = options;
  const is = (path: string, value: string): RunWhere => ({ field: { path }, value });
  const isOneOf = (path: string, value: string[]): RunWhere[] =>
    value.length === 0 ? [] : [{ field: { path }, op: 'IN', value }];
  const parts = [
    ...isOneOf('state', state),
    ...isOneOf('method', method),
    ...tag.map((each) => is('tag', each)),
    ...(dataset === undefined ? [] : [is('dataset', dataset)]),
    ...(study === undefined ? [] : [is('studyId', await studyIdOf(api, study))]),
    ...(search === undefined ? [] : [nameOrNumber(search)]),
    ...(archived ? [] : [{ not: { field: { path: 'archived' }, value: true } }]),
  ];
  return parts.length === 0 ? null : { and: parts };
}

function nameOrNumber(search: string): RunWhere {
  const name: RunWhere = { field: { path: 'name' }, op: 'CONTAINS', value: search };
  if (!/^[1-9]\d{0,8}$/.test(search)) return name;
  return { or: [name, { field: { path: 'number' }, value: Number(search) }] };
}

/** The id of a study, from its id or name. @throws UserError unless exactly one study has that name */
async function studyIdOf(api: Api, study: string): Promise<string> {
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

/** Parses one state, whatever its case, and collects it. @throws InvalidArgumentError */
export function oneState(text: string, previous: RunState[]): RunState[] {
  const state = STATES.find((one) => one === text.toUpperCase());
  if (!state) throw new InvalidArgumentError(`Allowed choices are ${STATES.join(', ')}.`);
  return [...previous, state];
}
