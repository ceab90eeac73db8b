import { Field, Float, InputType, Int, ObjectType } from 'type-graphql';
import type { Problem } from '../../schema/problems/problem.js';
import { OLDEST_RUNNER_PROTOCOL } from '../../schema/protocol-version.js';
import { DatasetInput } from '../datasets/datasets.inputs.js';
import { invalid, refusal } from '../graphql/errors.js';
import { inputMistake } from '../graphql/reasons/problems.js';
import { GraphQLSafeInt } from '../graphql/scalars.js';
import { Runner } from '../runners/runner.entity.js';
import { MAX_SLOTS } from '../runners/runners.service.js';

@InputType({ description: 'A machine and the datasets that it holds. Each text has 1 to 256 characters.' })
export class RunnerInfoInput {
  @Field(() => String, { description: 'Name chosen by its owner. It need not be unique.' })
  name!: string;

  @Field(() => String, { description: 'Host name of the machine.' })
  host!: string;

  @Field(() => String, {
    description: 'Engine that the machine computes with: `tensorflow`, `webgpu`, `wasm` or `cpu`.',
  })
  engine!: string;

  @Field(() => String, { description: 'Hardware that the machine computes on, such as the name of its GPU.' })
  device!: string;

  @Field(() => String, { description: 'Version of Crosscheck on the machine.' })
  version!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Git commit of the code on the machine, as 7 to 64 hex digits, followed by `-dirty` if files have changed since; null if ' +
      'it is not a checkout.',
  })
  commit?: string | null;

  @Field(() => Int, {
    defaultValue: 1,
    description:
      'Version of the runner protocol that the runner speaks. BAD_USER_INPUT if the server no longer serves it. ' +
      'Runners that predate versions announce none.',
  })
  protocolVersion!: number;

  @Field(() => Int, {
    defaultValue: 1,
    description: 'Newest version of configurations that the runner can train. It gets no run that needs a newer one.',
  })
  configVersion!: number;

  @Field(() => String, {
    defaultValue: 'default',
    description: 'Pool that the runner belongs to. It only claims runs of this pool.',
  })
  pool!: string;

  @Field(() => Int, {
    defaultValue: 1,
    description:
      'Maximum number of runs that the runner trains at a time, from 1 to 64. Those above `Runner.slotLimit` do not count.',
  })
  slots!: number;

  @Field(() => GraphQLSafeInt, { nullable: true, description: 'GPU memory in bytes; null if unknown.' })
  gpuMemoryBytes?: number | null;

  @Field(() => [DatasetInput], {
    description: 'All datasets that the runner holds. They replace those that it announced before.',
  })
  datasets!: DatasetInput[];
}

@ObjectType({
  description:
    'A runner that has just registered, with its token. The token is ' +
    'shown only once; the server stores only its hash.',
})
export class RegisteredRunner {
  @Field(() => Runner, { description: 'The runner as it was stored.' })
  runner!: Runner;

  @Field(() => String, {
    description: 'The secret, to be sent as `Authorization: Bearer <token>`. It cannot be shown again.',
  })
  token!: string;
}

@ObjectType({
  description: 'A runner with its new token. The token is shown only once; the server stores only its hash.',
})
export class RotatedRunner {
  @Field(() => Runner, { description: 'Machine whose token was replaced.' })
  runner!: Runner;

  @Field(() => String, { description: 'The new secret. It cannot be shown again.' })
  token!: string;
}

@ObjectType({ description: 'Intervals that the server sets for a runner.' })
export class RunnerSettings {
  @Field(() => Runner, { description: 'The runner as it was stored.' })
  runner!: Runner;

  @Field(() => Int, { description: 'Version of the runner protocol that the server speaks.' })
  protocolVersion!: number;

  @Field(() => Float, { description: 'Seconds between two heartbeats.' })
  heartbeatSeconds!: number;

  @Field(() => Float, { description: 'Seconds that a lease lasts after a heartbeat or a report.' })
  leaseSeconds!: number;

  @Field(() => Float, { description: 'Seconds between two claims of an idle runner while no `runQueued` arrives.' })
  pollSeconds!: number;
}

const MAX_TEXT_LENGTH = 256;

/** @throws BAD_USER_INPUT if the runner is too old for this server, or that lists every problem */
export function checkRunnerInfo(info: RunnerInfoInput): void {
  if (info.protocolVersion < OLDEST_RUNNER_PROTOCOL) {
    const { protocolVersion: protocol, version } = info;
    throw refusal('RUNNER_TOO_OLD', { protocol, version, least: OLDEST_RUNNER_PROTOCOL });
  }
  const problems: Problem[] = [];
  for (const field of ['name', 'host', 'engine', 'device', 'version', 'pool'] as const) {
    const value = info[field];
    if (value.trim() && value.length <= MAX_TEXT_LENGTH) continue;
    problems.push({ field, ...inputMistake('LENGTH', { most: MAX_TEXT_LENGTH, value }) });
  }
  if (info.commit != null && !/^[0-9a-f]{7,64}(-dirty)?$/.test(info.commit)) {
    problems.push({ field: 'commit', ...inputMistake('COMMIT_INVALID', { value: info.commit }) });
  }
  if (info.configVersion < 1) {
    problems.push({ field: 'configVersion', ...inputMistake('AT_LEAST', { min: 1, value: info.configVersion }) });
  }
  if (info.slots < 1 || info.slots > MAX_SLOTS) {
    problems.push({ field: 'slots', ...inputMistake('BETWEEN', { min: 1, max: MAX_SLOTS, value: info.slots }) });
  }
  if (info.gpuMemoryBytes != null && info.gpuMemoryBytes < 0) {
    problems.push({ field: 'gpuMemoryBytes', ...inputMistake('NEGATIVE', { value: info.gpuMemoryBytes }) });
  }
  if (problems.length > 0) throw invalid('the runner', problems);
}
