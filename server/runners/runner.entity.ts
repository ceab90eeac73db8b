import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { Node } from '../graphql/node.js';
import { GraphQLDateTime, GraphQLSafeInt } from '../graphql/scalars.js';

export enum RunnerState {
  ONLINE = 'ONLINE',
  DRAINING = 'DRAINING',
  OFFLINE = 'OFFLINE',
}

registerEnumType(RunnerState, {
  name: 'RunnerState',
  description: 'Whether a runner is connected and claims runs.',
  valuesConfig: {
    ONLINE: { description: 'Connected, and claims runs when it has a free slot, unless it is paused.' },
    DRAINING: {
      description: 'Connected, but claims nothing more until its agent restarts or the drain is ended.',
    },
    OFFLINE: { description: 'Not heard from for one lease.' },
  },
});

/** A registered machine. Its state is not stored: it follows from `draining` and from when it was last seen. */
@ObjectType({ implements: Node, simpleResolvers: true, description: 'A registered machine that trains runs.' })
@Entity('runners')
@Unique('runners_token_hash_key', ['tokenHash'])
@Index('runners_old_token_hash', ['oldTokenHash'])
@Check('runners_slot_limit_check', 'slot_limit BETWEEN 1 AND 64')
export class Runner implements Node {
  @Field(() => ID, { description: 'Unique identifier, a UUID.' })
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'runners_pkey' })
  id!: string;

  @Field(() => String, { description: 'Name chosen by its owner; the host name by default. It need not be unique.' })
  @Column({ type: 'text' })
  name!: string;

  /** Whether somebody has renamed it. It then keeps its name when its agent starts. */
  @Column({ type: 'boolean', default: false })
  renamed!: boolean;

  /** SHA-256 in hex. */
  @Column({ type: 'text' })
  tokenHash!: string;

  /** The token before the last rotation, which is valid until `oldTokenUntil`. */
  @Column({ type: 'text', nullable: true })
  oldTokenHash!: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  oldTokenUntil!: Date | null;

  @Field(() => String, { description: 'Host name of the machine.' })
  @Column({ type: 'text' })
  host!: string;

  @Field(() => String, {
    description: 'Engine that the machine computes with: `tensorflow`, `webgpu`, `wasm` or `cpu`.',
  })
  @Column({ type: 'text' })
  engine!: string;

  @Field(() => String, { description: 'Hardware that the machine computes on, such as the name of its GPU.' })
  @Column({ type: 'text' })
  device!: string;

  @Field(() => String, { description: 'Version of Crosscheck on the machine.' })
  @Column({ type: 'text' })
  version!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Git commit of the code on the machine, with `-dirty` if files had changed since; null if the runner announced none.',
  })
  @Column({ type: 'text', nullable: true })
  commit!: string | null;

  @Field(() => Int, { description: 'Version of the runner protocol that the runner speaks; 1 if it announced none.' })
  @Column({ type: 'int', default: 1 })
  protocolVersion!: number;

  @Field(() => Int, {
    description: 'Newest version of configurations that the runner can train; 1 if it announced none.',
  })
  @Column({ type: 'int', default: 1 })
  configVersion!: number;

  @Field(() => String, { description: 'Pool that the runner belongs to. It only claims runs of this pool.' })
  @Column({ type: 'text' })
  pool!: string;

  @Field(() => Int, {
    description: 'Number of runs that the runner offers to train at a time. Those above `slotLimit` do not count.',
  })
  @Column({ type: 'int' })
  slots!: number;

  @Field(() => Int, {
    description: 'Maximum number of runs that the server gives the runner at a time, 8 unless somebody has changed it.',
  })
  @Column({ type: 'int', default: 8 })
  slotLimit!: number;

  @Field(() => GraphQLSafeInt, { nullable: true, description: 'GPU memory in bytes; null if unknown.' })
  @Column({ type: 'bigint', nullable: true })
  gpuMemoryBytes!: number | null;

  @Column({ type: 'boolean', default: false })
  draining!: boolean;

  @Field(() => Boolean, {
    description:
      'Whether somebody has paused the runner: it finishes the runs that it trains, but claims no others, even ' +
      'after a restart, until it is resumed.',
  })
  @Column({ type: 'boolean', default: false })
  paused!: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'Why the runner claims no runs at the moment, as it says, such as a full disk; null if it has no problem. ' +
      'It claims again by itself once the cause is gone.',
  })
  @Column({ type: 'text', nullable: true })
  problem!: string | null;

  /** The copy of its home that speaks for the runner; null if it has stopped, or is older than instances. */
  @Column({ type: 'uuid', nullable: true })
  instanceId!: string | null;

  @Column({ type: 'text', nullable: true })
  instanceHost!: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  instanceSince!: Date | null;

  @Field(() => GraphQLDateTime, {
    description: "When the server last heard from the runner, by the server's clock. It may lag by up to 3 seconds.",
  })
  @Column({ type: 'timestamptz', default: () => 'now()' })
  lastSeenAt!: Date;

  @Field(() => GraphQLDateTime, { description: "When the runner was registered, by the server's clock." })
  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
