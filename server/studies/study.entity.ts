import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { GraphQLDateTime } from '../graphql/scalars.js';

/** A matrix of runs that make one table. */
@ObjectType({ description: 'A matrix of runs that make one table.' })
@Entity('studies')
@Index('studies_created_at', ['createdAt', 'id'])
export class Study {
  @Field(() => ID)
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'studies_pkey' })
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
