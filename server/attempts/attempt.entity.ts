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
import { Node } from '../graphql/node.js';
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

registerEnumType(AttemptState, {
  name: 'AttemptState',
  description: 'Whether an attempt is active, or how it ended.',
  valuesConfig: {
    ACTIVE: { description: 'The runner holds the lease.' },
    SUCCEEDED: { description: 'Training has completed.' },
    FAILED: { description: 'Training could not succeed. The run is FAILED too.' },
    LOST: {
      description:
        'The machine failed: the process died, the lease expired, the agent restarted, or the runner was removed.',
    },
    RELEASED: { description: 'The runner returned the run to the queue.' },
    CANCELED: { description: 'Training stopped because the run was canceled.' },
  },
});

/** One runner's try at a run. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: "One runner's try at a run. A run that was interrupted or retried has several.",
})
@Entity('attempts')
@Unique('attempts_run_id_fence_key', ['runId', 'fence'])
@Check('attempts_state_check', `state IN ('ACTIVE', 'SUCCEEDED', 'FAILED', 'LOST', 'RELEASED', 'CANCELED')`)
@Index('attempts_one_active', { synchronize: false })
@Index('attempts_active_lease', { synchronize: false })
@Index('attempts_runner_id', ['runnerId', 'state'])
export class Attempt implements Node {
  @Field(() => ID, { description: 'Unique identifier, a UUID.' })
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'attempts_pkey' })
  id!: string;

  @Column({ type: 'uuid' })
  runId!: string;

  @ManyToOne(() => Run, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'attempts_run_id_fkey' })
  runRow?: Relation<Run>;

  @Field(() => Int, {
    description: 'Number of the attempt within its run: 1, 2, 3 … A write with an old fence changes nothing.',
  })
  @Column({ type: 'int' })
  fence!: number;

  @Column({ type: 'uuid', nullable: true })
  runnerId!: string | null;

  @ManyToOne(() => Runner, { onDelete: 'SET NULL', nullable: true })
  @JoinColumn({ name: 'runner_id', foreignKeyConstraintName: 'attempts_runner_id_fkey' })
  runnerRow?: Relation<Runner>;

  /** The server that granted the lease or renewed it last; null if that was before servers were recorded. */
  @Column({ type: 'uuid', nullable: true })
  serverId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Version of Crosscheck that the runner ran; null for attempts from before it was stored.',
  })
  @Column({ type: 'text', nullable: true })
  version!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Git commit of the code that the runner ran, with `-dirty` if files had changed since; null if it announced none.',
  })
  @Column({ type: 'text', nullable: true })
  commit!: string | null;

  @Field(() => AttemptState, { description: 'Whether the attempt is active, or how it ended.' })
  @Column({ type: 'text', default: AttemptState.ACTIVE })
  state!: AttemptState;

  /** Sequence number of the newest stored report. */
  @Column({ type: 'int', default: 0 })
  sequence!: number;

  @Field(() => GraphQLDateTime, { description: "When the runner claimed the run, by the server's clock." })
  @Column({ type: 'timestamptz', default: () => 'now()' })
  startedAt!: Date;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: "When the attempt ended, by the server's clock; null while it is ACTIVE.",
  })
  @Column({ type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;

  @Field(() => GraphQLDateTime, {
    description: "When the lease expires, by the server's clock. Heartbeats and reports renew it.",
  })
  @Column({ type: 'timestamptz' })
  leaseUntil!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'Why the attempt ended; null if it is ACTIVE or no reason was given.',
  })
  @Column({ type: 'text', nullable: true })
  message!: string | null;
}
