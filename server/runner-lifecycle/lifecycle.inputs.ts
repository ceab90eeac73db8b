import { Field, Float, InputType, Int, ObjectType } from 'type-graphql';
import { DatasetInput } from '../datasets/datasets.inputs.js';
import { invalid, type Problem } from '../graphql/errors.js';
import { GraphQLSafeInt } from '../graphql/scalars.js';
import { Runner } from '../runners/runner.entity.js';

@InputType()
export class RunnerInfoInput {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  host!: string;

  @Field(() => String)
  engine!: string;

  @Field(() => String)
  device!: string;

  @Field(() => String)
  version!: string;

  @Field(() => String, { defaultValue: 'default' })
  pool!: string;

  @Field(() => Int, { defaultValue: 1 })
  slots!: number;

  @Field(() => GraphQLSafeInt, { nullable: true })
  gpuMemoryBytes?: number | null;

  @Field(() => [DatasetInput])
  datasets!: DatasetInput[];
}

@ObjectType({ description: 'The token is shown this once; only its hash is kept.' })
export class RegisteredRunner {
  @Field(() => Runner)
  runner!: Runner;

  @Field(() => String)
  token!: string;
}

@ObjectType({ description: 'The pace that the server dictates.' })
export class RunnerSettings {
  @Field(() => Runner)
  runner!: Runner;

  @Field(() => Float)
  heartbeatSeconds!: number;

  @Field(() => Float)
  leaseSeconds!: number;

  @Field(() => Float, { description: 'How often to ask for work when no event arrives.' })
  pollSeconds!: number;
}

const MAX_TEXT_LENGTH = 256;
const MAX_SLOTS = 64;

/** @throws BAD_USER_INPUT listing every problem */
export function checkRunnerInfo(info: RunnerInfoInput): void {
  const problems: Problem[] = [];
  for (const field of ['name', 'host', 'engine', 'device', 'version', 'pool'] as const) {
    const value = info[field];
    if (value.trim() && value.length <= MAX_TEXT_LENGTH) continue;
    problems.push({ field, message: `must have 1 to ${MAX_TEXT_LENGTH} characters; got ${JSON.stringify(value)}` });
  }
  if (info.slots < 1 || info.slots > MAX_SLOTS) {
    problems.push({ field: 'slots', message: `must be between 1 and ${MAX_SLOTS}; got ${info.slots}` });
  }
  if (info.gpuMemoryBytes != null && info.gpuMemoryBytes < 0) {
    problems.push({ field: 'gpuMemoryBytes', message: `must not be negative; got ${info.gpuMemoryBytes}` });
  }
  if (problems.length > 0) throw invalid('the runner', problems);
}
