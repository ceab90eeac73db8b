import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { Account } from '../accounts/account.entity.js';
import { GraphQLDateTime } from '../graphql/scalars.js';

/** A matrix of runs that are compared in one table. */
@ObjectType({
  description: 'Runs that are compared: a base configuration and a matrix of methods, splits, backbones and seeds.',
})
@Entity('studies')
@Index('studies_created_at', ['createdAt', 'id'])
export class Study {
  @Field(() => ID, { description: 'Unique identifier, a UUID.' })
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'studies_pkey' })
  id!: string;

  @Field(() => String, { description: 'Name given by its creator. It need not be unique.' })
  @Column({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'Free text; empty if none was given.' })
  @Column({ type: 'text', default: '' })
  description!: string;

  /** Null for studies from before there were accounts. */
  @ForeignKey(() => Account, { name: 'studies_author_id_fkey' })
  @Column({ type: 'uuid', nullable: true })
  authorId!: string | null;

  @Field(() => GraphQLDateTime, { description: "When it was created, by the server's clock." })
  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
