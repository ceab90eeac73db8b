import { InvalidArgumentError } from 'commander';
import { nameOrNumber } from '../../../../schema/filter/search.js';
import type { RunState, RunWhere } from '../../../../schema/generated/cli/graphql.js';
import { RUN_STATES } from '../../../../schema/run-states.js';
import type { Api } from '../../../api.js';
import { studyIdOf } from '../../../study-reference.js';

/** The options that select runs, besides the text of `--where`. */
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

/** Parses one state, whatever its case, and collects it. @throws InvalidArgumentError */
export function oneState(text: string, previous: RunState[]): RunState[] {
  const state = RUN_STATES.find((one) => one === text.toUpperCase());
  if (!state) throw new InvalidArgumentError(`Allowed choices are ${RUN_STATES.join(', ')}.`);
  return [...previous, state];
}
