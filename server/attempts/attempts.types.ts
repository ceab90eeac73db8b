import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ReportKind } from '../create-module.js';
import { GraphQLSafeInt } from '../graphql/scalars.js';
import { Run } from '../runs/run.entity.js';
import { RunPhase } from '../runs/run-phase.js';
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

registerEnumType(Directive, {
  name: 'Directive',
  description: 'What the runner must do next.',
  valuesConfig: {
    CONTINUE: { description: 'Keep training.' },
    CANCEL: { description: 'Stop at the next step, send the remaining reports and finish the attempt as CANCELED.' },
    DRAIN: {
      description:
        'Write a checkpoint, stop, send the remaining reports, finish the attempt ' +
        'as RELEASED, and claim nothing more until the agent restarts.',
    },
    LEASE_LOST: {
      description: 'The attempt has ended. Stop training, discard the remaining reports and claim another run.',
    },
  },
});
registerEnumType(AttemptOutcome, {
  name: 'AttemptOutcome',
  description:
    'How an attempt ended, as its runner reports it. A run that is being canceled ' +
    'becomes CANCELED, unless the outcome is SUCCEEDED or FAILED.',
  valuesConfig: {
    SUCCEEDED: {
      description:
        'Training has completed. The run becomes COMPLETED, if the last step was reported, and evaluations of BRANCH1 ' +
        'at that step on VAL and TEST, as far as the dataset has them. Otherwise, attempt and run become FAILED.',
    },
    FAILED: {
      description:
        'Training cannot succeed, for example because the loss is NaN or a label is invalid. The run becomes FAILED.',
    },
    LOST: {
      description:
        'The machine failed, for example because the process was killed or the disk is full. ' +
        'The run is queued again. It becomes FAILED after several lost attempts in a row ' +
        'without a new checkpoint (`MAX_LOST_ATTEMPTS`, 10 by default).',
    },
    RELEASED: {
      description: 'The runner returns the run, for example because it is draining. The run is queued again.',
    },
    CANCELED: { description: 'Training stopped because the run was canceled. The run becomes CANCELED.' },
  },
});

@InputType({
  description:
    'Identifies an attempt. The fence keeps late writes of an attempt that has ended from changing anything.',
})
export class AttemptRefInput {
  @Field(() => ID, { description: 'Id of the attempt, as returned by `claimRun`.' })
  attemptId!: string;

  @Field(() => Int, { description: 'Fence of the attempt, as returned by `claimRun`.' })
  fence!: number;
}

/** What every report says about its attempt. The modules add a field for each kind of report. */
@InputType({
  description: 'What an attempt has produced since its last report. The server stores all of it or nothing.',
})
export class AttemptReportInput extends AttemptRefInput {
  @Field(() => Int, {
    description:
      'Number of the report within the attempt: 1, 2, 3 … A number that is already ' +
      'stored is acknowledged and changes nothing. A number that skips one is rejected.',
  })
  sequence!: number;

  @Field(() => Int, { nullable: true, description: 'Number of completed iterations; null if it has not changed.' })
  step?: number | null;

  @Field(() => RunPhase, {
    nullable: true,
    description: 'What the runner is doing with the run; null if it has not changed.',
  })
  phase?: RunPhase | null;
}

const added = new Set<string>();

/** Adds the field of a kind of report to AttemptReportInput, once, no matter how many schemas are built. */
export function addReportField({ field, input, description }: ReportKind<never>): void {
  if (added.has(field)) return;
  added.add(field);
  Field(input, { nullable: true, description })(AttemptReportInput.prototype, field);
}

@ObjectType({ description: "The server's answer to a report." })
export class ReportAnswer {
  @Field(() => Int, { description: 'Highest sequence number that is stored.' })
  acknowledged!: number;

  @Field(() => Directive, { description: 'What the runner must do next with this attempt.' })
  directive!: Directive;
}

@ObjectType({ description: "The server's answer to a heartbeat, for one attempt." })
export class AttemptDirective {
  @Field(() => ID, { description: 'Id of the attempt, as sent in the heartbeat.' })
  attemptId!: string;

  @Field(() => Directive, { description: 'What the runner must do next with this attempt.' })
  directive!: Directive;
}

@ObjectType('Checkpoint', { description: 'A file that an attempt resumes from.' })
export class ResumeFile {
  @Field(() => Int, { description: 'Step at which the checkpoint was written.' })
  step!: number;

  @Field(() => String, { description: 'SHA-256 of the file, as 64 lowercase hex digits.' })
  sha256!: string;

  @Field(() => GraphQLSafeInt, { description: 'Size of the file in bytes.' })
  bytes!: number;

  @Field(() => String, { description: 'Path to download the file from, to append to the address of the server.' })
  url!: string;
}

@ObjectType({ description: 'A run that a runner has claimed, and the attempt that was opened for it.' })
export class ClaimedRun {
  @Field(() => Run, { description: 'The run to train.' })
  run!: Run;

  @Field(() => ID, { description: 'Id of the new attempt.' })
  attemptId!: string;

  @Field(() => Int, {
    description: 'Number of the attempt within its run: 1, 2, 3 … A write with an old fence changes nothing.',
  })
  fence!: number;

  @Field(() => Float, { description: 'Seconds that a lease lasts after a heartbeat or a report.' })
  leaseSeconds!: number;

  @Field(() => Float, { description: 'Seconds between two heartbeats.' })
  heartbeatSeconds!: number;

  @Field(() => ResumeFile, {
    nullable: true,
    description: 'Newest checkpoint of the run, to resume from; null starts from the beginning.',
  })
  resumeFrom!: ResumeFile | null;
}

@ObjectType({ description: 'An attempt that a runner is working on, and its run.' })
export class ActiveAttempt {
  @Field(() => Attempt, { description: 'The attempt, which is ACTIVE.' })
  attempt!: Attempt;

  @Field(() => Run, { description: 'The run that is being trained.' })
  run!: Run;
}
