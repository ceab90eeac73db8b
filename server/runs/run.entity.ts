import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { RunConfig } from '../../schema/run-config.js';
import { Account } from '../accounts/account.entity.js';
import { Node } from '../graphql/node.js';
import { GraphQLDateTime, GraphQLJSONObject, GraphQLSafeInt } from '../graphql/scalars.js';
import { LineageKind } from './lineage-kind.js';
import { Placement } from './placement.entity.js';
import { RunOrigin } from './run-origin.js';
import { RunPhase } from './run-phase.js';

export enum RunState {
  QUEUED = 'QUEUED',
  RUNNING = 'RUNNING',
  CANCELING = 'CANCELING',
  COMPLETED = 'COMPLETED',
  FAILED = 'FAILED',
  CANCELED = 'CANCELED',
}

registerEnumType(RunState, {
  name: 'RunState',
  description: 'Whether a run is waiting, is being trained, or has ended.',
  valuesConfig: {
    QUEUED: { description: 'Waiting in the queue until a runner claims it.' },
    RUNNING: { description: 'A runner has claimed it.' },
    CANCELING: { description: 'Canceled, but its runner has not stopped yet.' },
    COMPLETED: { description: 'Trained to the last iteration.' },
    FAILED: { description: 'Ended for the reason given in `failure`. It can be retried.' },
    CANCELED: { description: 'Canceled before it was completed. It can be retried.' },
  },
});

@ObjectType({ description: 'What the runner found when it set up the run.' })
export class RunSetup {
  @Field(() => String, {
    description: 'Engine that the machine computes with: `tensorflow`, `webgpu`, `wasm` or `cpu`.',
  })
  engine!: string;

  @Field(() => String, { description: 'Hardware that the machine computes on, such as the name of its GPU.' })
  device!: string;

  @Field(() => Int, { description: 'Number of training images whose labels are used.' })
  labelledImages!: number;

  @Field(() => Int, { description: 'Number of training images that are used without a label.' })
  unlabelledImages!: number;

  @Field(() => GraphQLSafeInt, {
    description: 'Number of trainable parameters per network; of the first one, if `network.second` makes them differ.',
  })
  parameters!: number;

  @Field(() => [Float], {
    nullable: true,
    description:
      'By class index: how much a labelled pixel of the class counts in the loss, with `balance.weights` of the ' +
      'configuration; null if all count alike.',
  })
  classWeights?: number[] | null;

  @Field(() => [Float], {
    nullable: true,
    description:
      'By class index: what the loss adds to the logits of the class, with `logit_adjustment` in `balance.weights`; ' +
      'null if nothing.',
  })
  logitOffsets?: number[] | null;

  @Field(() => GraphQLSafeInt, {
    nullable: true,
    description:
      'Number of trainable parameters of the second network, if `network.second` makes it differ from the first one; otherwise null.',
  })
  secondParameters?: number | null;
}

/** One configuration to train. The settings that people filter by are copied from the configuration into columns. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'One configuration to train, and its results.',
})
@Entity('runs')
@Unique('runs_number_key', ['number'])
@Check('runs_state_check', `state IN ('QUEUED', 'RUNNING', 'CANCELING', 'COMPLETED', 'FAILED', 'CANCELED')`)
@Check(
  'runs_phase_check',
  `phase IS NULL OR state IN ('RUNNING', 'CANCELING') AND phase IN ('PREPARING', 'TRAINING', 'EVALUATING', 'UPLOADING')`,
)
@Check(
  'runs_parent_check',
  `num_nonnulls(parent_number, parent_kind) <> 1 AND (parent_id IS NULL OR parent_number IS NOT NULL) AND parent_kind IN ('CLONE', 'RETRY')`,
)
@Check('runs_origin_check', `origin IN ('TRAINED', 'LOGGED', 'IMPORTED')`)
@Check('runs_queued_check', `origin = 'TRAINED' OR state <> 'QUEUED'`)
@Index('runs_claim', { synchronize: false })
@Index('runs_parent_id', { synchronize: false })
@Index('runs_tags', { synchronize: false })
@Index('runs_study_id', ['studyId'])
@Index('runs_split_hash', ['splitHash'])
@Index('runs_created_at', ['createdAt', 'id'])
export class Run implements Node {
  @Field(() => ID, { description: 'Unique identifier, a UUID.' })
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'runs_pkey' })
  id!: string;

  @Field(() => Int, { description: 'Number of the run on this server, counting from 1. It is shorter than the id.' })
  @Column({ type: 'int', default: () => `nextval('run_numbers')` })
  number!: number;

  @Field(() => String, {
    description: 'Name given by its creator, or made from its configuration. It need not be unique.',
  })
  @Column({ type: 'text' })
  name!: string;

  @Field(() => RunOrigin, { description: 'Where the run comes from.' })
  @Column({ type: 'text', default: RunOrigin.TRAINED, update: false })
  origin!: RunOrigin;

  @Field(() => RunState, { description: 'Whether the run is waiting, is being trained, or has ended.' })
  @Column({ type: 'text', default: RunState.QUEUED })
  state!: RunState;

  @Field(() => RunPhase, {
    nullable: true,
    description:
      'What the runner is doing with the run. Null unless the run is RUNNING or CANCELING, ' +
      'and for runs of older runners, which do not report it.',
  })
  @Column({ type: 'text', nullable: true })
  phase!: RunPhase | null;

  // By name, because server/studies imports this folder.
  @ForeignKey('Study', { name: 'runs_study_id_fkey', onDelete: 'CASCADE' })
  @Column({ type: 'uuid', nullable: true })
  studyId!: string | null;

  /** Null for runs from before there were accounts. */
  @ForeignKey(() => Account, { name: 'runs_author_id_fkey' })
  @Column({ type: 'uuid', nullable: true })
  authorId!: string | null;

  @Field(() => GraphQLJSONObject, {
    description: 'Complete configuration: what was given, and the defaults of the time when the run was created.',
  })
  @Column({ type: 'jsonb' })
  config!: RunConfig;

  /** That of the configuration, where it was read by itself. */
  split?: RunConfig['split'];

  /** Equal for runs whose configurations differ only in their seed. A trigger keeps it right (migration 0027). */
  @Column({ type: 'text', default: '', select: false, insert: false, update: false })
  settingsKey?: string;

  /** The CONFIG_VERSION that a runner must have to train it. */
  @Column({ type: 'int', default: 1 })
  neededConfigVersion!: number;

  @Column({ type: 'uuid' })
  datasetId!: string;

  @Field(() => String, { description: 'Name of the method in the configuration, such as `cps_cutmix`.' })
  @Column({ type: 'text' })
  method!: string;

  @Field(() => String, { description: 'Backbone of the networks, such as `resnet50`.' })
  @Column({ type: 'text' })
  backbone!: string;

  @Field(() => GraphQLSafeInt, {
    description: 'Seed of the initial weights, the order of images, augmentation and masks.',
  })
  @Column({ type: 'bigint' })
  seed!: number;

  @Field(() => [String], { description: 'Tags to find the run by.' })
  @Column({ type: 'text', array: true, default: () => `'{}'` })
  tags!: string[];

  @Field(() => String, { description: 'Notes of people, in Markdown; empty if there are none.' })
  @Column({ type: 'text', default: '' })
  notes!: string;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: "When the run was archived, by the server's clock; null if it is not archived.",
  })
  @Column({ type: 'timestamptz', nullable: true })
  archivedAt!: Date | null;

  /** The run that this one was made from; null if there is none, or if it has been deleted. */
  @ForeignKey('Run', { name: 'runs_parent_id_fkey', onDelete: 'SET NULL' })
  @Column({ type: 'uuid', nullable: true })
  parentId!: string | null;

  /** Stays when the parent is deleted. */
  @Column({ type: 'int', nullable: true })
  parentNumber!: number | null;

  @Column({ type: 'text', nullable: true })
  parentKind!: LineageKind | null;

  @Field(() => Int, { description: 'Higher priority runs first.' })
  @Column({ type: 'int', default: 0 })
  priority!: number;

  @Field(() => String, { description: 'Pool of runners that may train the run.' })
  @Column({ type: 'text' })
  pool!: string;

  @Column({ type: 'text' })
  engine!: string;

  /** Where it waits in the queue; null unless it is QUEUED. A trigger keeps it right (migration 0015). */
  @ForeignKey(() => Placement, { name: 'runs_placement_id_fkey' })
  @Column({ type: 'int', nullable: true })
  placementId!: number | null;

  @Field(() => Int, {
    description: 'Number of completed iterations. It may go back when the run resumes from a checkpoint.',
  })
  @Column({ type: 'int', default: 0 })
  step!: number;

  @Field(() => Int, { description: 'Number of iterations to train for.' })
  @Column({ type: 'int' })
  iterations!: number;

  @Field(() => String, {
    nullable: true,
    description:
      'SHA-256 of the sorted list of labelled images. It identifies the ' +
      'labelled split. Null until a runner has set up the run.',
  })
  @Column({ type: 'text', nullable: true })
  splitHash!: string | null;

  @Field(() => RunSetup, {
    nullable: true,
    description: 'What the runner found when it set up the run; null until then.',
  })
  @Column({ type: 'jsonb', nullable: true })
  setup!: RunSetup | null;

  @Field(() => String, { nullable: true, description: 'Why the run FAILED; null in any other state.' })
  @Column({ type: 'text', nullable: true })
  failure!: string | null;

  /** Counts what is written to the run: rows of its evaluations, samples and alarms have the number of the change that wrote them. */
  @Column({ type: 'bigint', default: 0 })
  changes!: number;

  /** Attempts lost in a row, since the last checkpoint that made progress or since a person queued the run. */
  @Column({ type: 'int', default: 0 })
  lostAttempts!: number;

  @Field(() => GraphQLDateTime, { description: "When it was created, by the server's clock." })
  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: "When a runner first claimed the run, by the server's clock; null if none has.",
  })
  @Column({ type: 'timestamptz', nullable: true })
  startedAt!: Date | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: "When the run was COMPLETED, FAILED or CANCELED, by the server's clock; null in any other state.",
  })
  @Column({ type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;
}

/** A run with what people can edit. */
export type EditedRun = Pick<Run, 'id' | 'studyId' | 'name' | 'tags' | 'notes' | 'priority' | 'archivedAt'>;
