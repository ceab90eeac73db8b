import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { RunConfig } from '../../schema/run-config.js';
import { GraphQLDateTime, GraphQLJSONObject, GraphQLSafeInt } from '../graphql/scalars.js';

export enum RunState {
  QUEUED = 'QUEUED',
  RUNNING = 'RUNNING',
  CANCELING = 'CANCELING',
  COMPLETED = 'COMPLETED',
  FAILED = 'FAILED',
  CANCELED = 'CANCELED',
}

registerEnumType(RunState, { name: 'RunState' });

@ObjectType({ description: 'What a runner found when it set the run up.' })
export class RunSetup {
  @Field(() => String)
  engine!: string;

  @Field(() => String)
  device!: string;

  @Field(() => Int)
  labelledImages!: number;

  @Field(() => Int)
  unlabelledImages!: number;

  @Field(() => GraphQLSafeInt, { description: 'Trainable weights of one network.' })
  parameters!: number;
}

/** One configuration to train. What people filter by is copied out of the configuration into columns. */
@ObjectType({ description: 'One configuration to train.' })
@Entity('runs')
@Unique('runs_number_key', ['number'])
@Check('runs_state_check', `state IN ('QUEUED', 'RUNNING', 'CANCELING', 'COMPLETED', 'FAILED', 'CANCELED')`)
@Index('runs_queue', { synchronize: false })
@Index('runs_tags', { synchronize: false })
@Index('runs_study_id', ['studyId'])
@Index('runs_split_hash', ['splitHash'])
@Index('runs_created_at', ['createdAt', 'id'])
export class Run {
  @Field(() => ID)
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'runs_pkey' })
  id!: string;

  @Field(() => Int, { description: 'Counts all runs of the server; shorter to say than the id.' })
  @Column({ type: 'int', default: () => `nextval('run_numbers')` })
  number!: number;

  @Field(() => String)
  @Column({ type: 'text' })
  name!: string;

  @Field(() => RunState)
  @Column({ type: 'text', default: RunState.QUEUED })
  state!: RunState;

  // By name: the studies' folder imports this one.
  @ForeignKey('Study', { name: 'runs_study_id_fkey', onDelete: 'CASCADE' })
  @Column({ type: 'uuid', nullable: true })
  studyId!: string | null;

  @Field(() => GraphQLJSONObject)
  @Column({ type: 'jsonb' })
  config!: RunConfig;

  @Column({ type: 'uuid' })
  datasetId!: string;

  @Field(() => String)
  @Column({ type: 'text' })
  method!: string;

  @Field(() => String)
  @Column({ type: 'text' })
  backbone!: string;

  @Field(() => GraphQLSafeInt)
  @Column({ type: 'bigint' })
  seed!: number;

  @Field(() => [String])
  @Column({ type: 'text', array: true, default: () => `'{}'` })
  tags!: string[];

  @Field(() => Int, { description: 'Higher is claimed earlier.' })
  @Column({ type: 'int', default: 0 })
  priority!: number;

  @Field(() => String)
  @Column({ type: 'text' })
  pool!: string;

  @Column({ type: 'text' })
  engine!: string;

  @Field(() => Int, { description: 'Iterations done.' })
  @Column({ type: 'int', default: 0 })
  step!: number;

  @Field(() => Int, { description: 'Iterations to do.' })
  @Column({ type: 'int' })
  iterations!: number;

  @Field(() => String, {
    nullable: true,
    description: 'The hash that identifies the labelled split; null until a runner has drawn it.',
  })
  @Column({ type: 'text', nullable: true })
  splitHash!: string | null;

  @Field(() => RunSetup, { nullable: true })
  @Column({ type: 'jsonb', nullable: true })
  setup!: RunSetup | null;

  @Field(() => String, { nullable: true, description: 'Why the run failed; null otherwise.' })
  @Column({ type: 'text', nullable: true })
  failure!: string | null;

  /** Attempts lost in a row: since the last checkpoint that got the run further, or since a person queued it. */
  @Column({ type: 'int', default: 0 })
  lostAttempts!: number;

  @Field(() => GraphQLDateTime)
  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { nullable: true })
  @Column({ type: 'timestamptz', nullable: true })
  startedAt!: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  @Column({ type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;
}
