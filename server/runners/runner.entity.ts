import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { GraphQLDateTime, GraphQLSafeInt } from '../graphql/scalars.js';

export enum RunnerState {
  ONLINE = 'ONLINE',
  DRAINING = 'DRAINING',
  OFFLINE = 'OFFLINE',
}

registerEnumType(RunnerState, { name: 'RunnerState' });

/** A registered machine. Its state is not stored: it follows from `draining` and from when it was last seen. */
@ObjectType({ description: 'A registered machine that trains.' })
@Entity('runners')
@Unique('runners_token_hash_key', ['tokenHash'])
export class Runner {
  @Field(() => ID)
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'runners_pkey' })
  id!: string;

  @Field(() => String)
  @Column({ type: 'text' })
  name!: string;

  /** SHA-256 in hex. */
  @Column({ type: 'text' })
  tokenHash!: string;

  @Field(() => String)
  @Column({ type: 'text' })
  host!: string;

  @Field(() => String)
  @Column({ type: 'text' })
  engine!: string;

  @Field(() => String)
  @Column({ type: 'text' })
  device!: string;

  @Field(() => String)
  @Column({ type: 'text' })
  version!: string;

  @Field(() => String)
  @Column({ type: 'text' })
  pool!: string;

  @Field(() => Int, { description: 'How many runs it trains at a time.' })
  @Column({ type: 'int' })
  slots!: number;

  @Field(() => GraphQLSafeInt, { nullable: true })
  @Column({ type: 'bigint', nullable: true })
  gpuMemoryBytes!: number | null;

  @Column({ type: 'boolean', default: false })
  draining!: boolean;

  @Field(() => GraphQLDateTime)
  @Column({ type: 'timestamptz', default: () => 'now()' })
  lastSeenAt!: Date;

  @Field(() => GraphQLDateTime)
  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
