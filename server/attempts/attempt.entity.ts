import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  type Relation,
  Unique,
} from 'typeorm';
import { GraphQLDateTime } from '../graphql/scalars.js';
import { Runner } from '../runners/runner.entity.js';
import { Run } from '../runs/run.entity.js';

export enum AttemptState {
  ACTIVE = 'ACTIVE',
  SUCCEEDED = 'SUCCEEDED',
  FAILED = 'FAILED',
  LOST = 'LOST',
  RELEASED = 'RELEASED',
  CANCELED = 'CANCELED',
}

registerEnumType(AttemptState, { name: 'AttemptState' });

/** One runner's try at a run. */
@ObjectType({ description: "One runner's try at a run." })
@Entity('attempts')
@Unique('attempts_run_id_fence_key', ['runId', 'fence'])
@Check('attempts_state_check', `state IN ('ACTIVE', 'SUCCEEDED', 'FAILED', 'LOST', 'RELEASED', 'CANCELED')`)
@Index('attempts_one_active', { synchronize: false })
@Index('attempts_active_lease', { synchronize: false })
@Index('attempts_runner_id', ['runnerId'])
export class Attempt {
  @Field(() => ID)
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'attempts_pkey' })
  id!: string;

  @Column({ type: 'uuid' })
  runId!: string;

  @ManyToOne(() => Run, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'attempts_run_id_fkey' })
  runRow?: Relation<Run>;

  @Field(() => Int, {
    description: 'Counts the attempts of the run; a write that carries an older one changes nothing.',
  })
  @Column({ type: 'int' })
  fence!: number;

  @Column({ type: 'uuid', nullable: true })
  runnerId!: string | null;

  @ManyToOne(() => Runner, { onDelete: 'SET NULL', nullable: true })
  @JoinColumn({ name: 'runner_id', foreignKeyConstraintName: 'attempts_runner_id_fkey' })
  runnerRow?: Relation<Runner>;

  @Field(() => AttemptState)
  @Column({ type: 'text', default: AttemptState.ACTIVE })
  state!: AttemptState;

  /** The newest report that was stored. */
  @Column({ type: 'int', default: 0 })
  sequence!: number;

  @Field(() => GraphQLDateTime)
  @Column({ type: 'timestamptz', default: () => 'now()' })
  startedAt!: Date;

  @Field(() => GraphQLDateTime, { nullable: true })
  @Column({ type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;

  @Field(() => GraphQLDateTime)
  @Column({ type: 'timestamptz' })
  leaseUntil!: Date;

  @Field(() => String, { nullable: true })
  @Column({ type: 'text', nullable: true })
  message!: string | null;
}
