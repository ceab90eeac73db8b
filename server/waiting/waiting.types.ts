import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { GraphQLDateTime, GraphQLJSONObject } from '../graphql/scalars.js';
import { Runner } from '../runners/runner.entity.js';

/** In the order in which a runner is checked: the first one that applies is its reason. */
export enum WaitingCode {
  POOL = 'POOL',
  ENGINE = 'ENGINE',
  DATASET = 'DATASET',
  CONFIG_VERSION = 'CONFIG_VERSION',
  OFFLINE = 'OFFLINE',
  DRAINING = 'DRAINING',
  PAUSED = 'PAUSED',
  PROBLEM = 'PROBLEM',
  SLOTS = 'SLOTS',
  UNAVAILABLE = 'UNAVAILABLE',
  CHECKPOINT = 'CHECKPOINT',
}

registerEnumType(WaitingCode, {
  name: 'WaitingCode',
  description: 'Why a runner cannot claim a run, or why no runner can. `WaitingReason.parameters` has the values.',
  valuesConfig: {
    POOL: {
      description:
        'The runner is in another pool, or no runner is in the pool. Parameters: `pool`; of a runner, `runnerPool`.',
    },
    ENGINE: {
      description:
        'The runner has another engine, or no runner in the pool has the engine. Parameters: `engine`, `pool`; of a ' +
        'runner, `runnerEngine`.',
    },
    DATASET: { description: 'The runner does not hold the dataset with this content. Parameter: `dataset`.' },
    CONFIG_VERSION: {
      description:
        'The runner is too old for settings of the run. Parameters: `needed`; for a runner also `has`, `version` ' +
        'and `settings`, the paths that it does not know.',
    },
    OFFLINE: { description: 'The runner has not been heard from for one lease. Parameter: `lastSeenAt`.' },
    DRAINING: { description: 'The runner claims nothing until its agent restarts or the drain is ended.' },
    PAUSED: { description: 'The runner claims nothing until it is resumed.' },
    PROBLEM: {
      description: 'The runner says that it cannot train, for example because its disk is full. Parameter: `problem`.',
    },
    SLOTS: { description: 'All slots of the runner are taken. Parameters: `slots`, `active`.' },
    UNAVAILABLE: { description: 'All runners that fit are offline, draining, paused or have a problem.' },
    CHECKPOINT: { description: 'The last checkpoint of the run is still being uploaded.' },
  },
});

@ObjectType({ description: 'Why a runner cannot claim a run, or why no runner can.' })
export class WaitingReason {
  @Field(() => WaitingCode, { description: 'The reason, for programs.' })
  code!: WaitingCode;

  @Field(() => GraphQLJSONObject, { description: 'The values of the reason, as described by its code.' })
  parameters!: Record<string, unknown>;

  @Field(() => String, { description: 'The reason, for people, in English and without a full stop.' })
  message!: string;
}

@ObjectType({ description: 'Whether a runner can claim a run.' })
export class RunnerChance {
  @Field(() => Runner, { description: 'Machine that may train the run.' })
  runner!: Runner;

  @Field(() => WaitingReason, {
    nullable: true,
    description: 'The first reason why it cannot claim the run now; null if the run only waits for its turn there.',
  })
  reason!: WaitingReason | null;
}

@ObjectType({
  description:
    'When a run may start, if nothing changes: (ahead − freeSlots + 1) · meanSeconds / slots from now, or now if slots are free.',
})
export class StartEstimate {
  @Field(() => GraphQLDateTime, { description: "When the run may start, by the server's clock." })
  startsAt!: Date;

  @Field(() => Int, { description: 'Slots of the runners that claim such runs.' })
  slots!: number;

  @Field(() => Int, { description: 'How many of the `slots` are free.' })
  freeSlots!: number;

  @Field(() => Int, {
    description:
      'Mean duration in seconds of up to 20 attempts of each of these runners that succeeded within 30 days.',
  })
  meanSeconds!: number;

  @Field(() => Int, { description: 'Number of attempts that `meanSeconds` is computed from.' })
  attempts!: number;
}

@ObjectType({ description: 'Runs of a planned study that no runner could claim now.' })
export class PlannedWait {
  @Field(() => Int, { description: "How many of the study's runs." })
  runs!: number;

  @Field(() => WaitingReason, { description: 'Why no runner could claim them.' })
  reason!: WaitingReason;
}

@ObjectType({ description: 'What `createStudy` would do with the same input. Nothing has been queued.' })
export class StudyPlan {
  @Field(() => Int, { description: 'How many runs would be queued.' })
  runs!: number;

  @Field(() => [String], { description: 'Names of the runs, in the order in which they would be queued.' })
  names!: string[];

  @Field(() => [PlannedWait], {
    description: 'Runs that no runner could claim now, and why; empty if each could be claimed in its turn.',
  })
  waiting!: PlannedWait[];
}
