import { Field, ID, InputType } from 'type-graphql';
import type { Problem } from '../../schema/problems/problem.js';
import { invalid } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import { inputMistake } from '../graphql/reasons/problems.js';

@InputType({
  description:
    "One copy of a runner's home, in use on one machine. All copies have the same token, but only one at a time speaks for the runner.",
})
export class RunnerInstanceInput {
  @Field(() => ID, { description: 'UUID that differs between copies of the home and between boots of the machine.' })
  id!: string;

  @Field(() => String, { description: 'Host name of the machine, for people; 1 to 256 characters.' })
  host!: string;
}

/** For each argument of this type. */
export const INSTANCE =
  'Instance that calls. CONFLICT while another one speaks for the runner: it takes over once that one was silent for a lease. Runners that predate instances send none.';

const MAX_HOST_LENGTH = 256;

/** @throws BAD_USER_INPUT that lists every problem */
export function checkInstance({ id, host }: RunnerInstanceInput): void {
  const problems: Problem[] = [];
  if (!isId(id)) problems.push({ field: 'instance.id', ...inputMistake('NOT_A_UUID', { value: id }) });
  if (!host.trim() || host.length > MAX_HOST_LENGTH) {
    problems.push({
      field: 'instance.host',
      ...inputMistake('LENGTH', { most: MAX_HOST_LENGTH, value: host }),
    });
  }
  if (problems.length > 0) throw invalid('the instance', problems);
}
