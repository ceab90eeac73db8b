import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { GraphQLDateTime } from '../graphql/scalars.js';

/** A matrix of runs that make one table. */
@ObjectType({ description: 'A matrix of runs that make one table.' })
@Entity('studies')
@Index('studies_created_at', { synchronize: false })
export class Study {
  @Field(() => ID)
  @PrimaryColumn({ type: 'uuid', default: () => 'gen_random_uuid()', primaryKeyConstraintName: 'studies_pkey' })
  id!: string;

  @Field(() => String)
  @Column({ type: 'text' })
  name!: string;

  @Field(() => String)
  @Column({ type: 'text', default: '' })
  description!: string;

  @Field(() => GraphQLDateTime)
  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
