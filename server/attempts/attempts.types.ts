import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ReportKind } from '../create-module.js';
import { GraphQLSafeInt } from '../graphql/scalars.js';
import { Run } from '../runs/run.entity.js';
import { Attempt } from './attempt.entity.js';

export enum Directive {
  CONTINUE = 'CONTINUE',
  CANCEL = 'CANCEL',
  DRAIN = 'DRAIN',
  LEASE_LOST = 'LEASE_LOST',
}

export enum AttemptOutcome {
  SUCCEEDED = 'SUCCEEDED',
  FAILED = 'FAILED',
  LOST = 'LOST',
  RELEASED = 'RELEASED',
  CANCELED = 'CANCELED',
}

registerEnumType(Directive, { name: 'Directive', description: 'What a runner shall do now.' });
registerEnumType(AttemptOutcome, { name: 'AttemptOutcome' });

@InputType()
export class AttemptRefInput {
  @Field(() => ID)
  attemptId!: string;

  @Field(() => Int)
  fence!: number;
}

@InputType()
export class RunSetupInput {
  @Field(() => String)
  engine!: string;

  @Field(() => String)
  device!: string;

  @Field(() => String)
  splitHash!: string;

  @Field(() => Int)
  labelledImages!: number;

  @Field(() => Int)
  unlabelledImages!: number;

  @Field(() => GraphQLSafeInt)
  parameters!: number;
}

/** What a report says of its attempt. Its content has a field for each kind of report, which the modules add. */
@InputType({
  description:
    'Everything that happened since the last report, in order. sequence counts 1, 2, 3… within an attempt; one that was ' +
    'seen already is acknowledged and changes nothing, a gap is refused.',
})
export class AttemptReportInput extends AttemptRefInput {
  @Field(() => Int)
  sequence!: number;

  @Field(() => Int, { nullable: true, description: 'Iterations done.' })
  step?: number | null;

  @Field(() => RunSetupInput, { nullable: true })
  setup?: RunSetupInput | null;
}

const added = new Set<string>();

/** Gives AttemptReportInput the field of a kind of report; once, however many schemas are built. */
export function addReportField({ field, input, description }: ReportKind<never>): void {
  if (added.has(field)) return;
  added.add(field);
  Field(input, { nullable: true, description })(AttemptReportInput.prototype, field);
}

@ObjectType()
export class ReportAnswer {
  @Field(() => Int, { description: 'The newest sequence that is stored.' })
  acknowledged!: number;

  @Field(() => Directive)
  directive!: Directive;
}

@ObjectType()
export class AttemptDirective {
  @Field(() => ID)
  attemptId!: string;

  @Field(() => Directive)
  directive!: Directive;
}

@ObjectType({ description: 'Where an attempt goes on from.' })
export class Checkpoint {
  @Field(() => Int)
  step!: number;

  @Field(() => String)
  sha256!: string;

  @Field(() => GraphQLSafeInt)
  bytes!: number;

  @Field(() => String, { description: 'Relative to the server.' })
  url!: string;
}

@ObjectType()
export class ClaimedRun {
  @Field(() => Run)
  run!: Run;

  @Field(() => ID)
  attemptId!: string;

  @Field(() => Int)
  fence!: number;

  @Field(() => Float)
  leaseSeconds!: number;

  @Field(() => Float)
  heartbeatSeconds!: number;

  @Field(() => Checkpoint, { nullable: true })
  resumeFrom!: Checkpoint | null;
}

@ObjectType()
export class ActiveAttempt {
  @Field(() => Attempt)
  attempt!: Attempt;

  @Field(() => Run)
  run!: Run;
}
