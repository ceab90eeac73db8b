import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { Account } from '../accounts/account.entity.js';
import { Node } from '../graphql/node.js';
import { GraphQLDateTime } from '../graphql/scalars.js';

@ObjectType({ implements: Node, description: 'A filter of runs that somebody has saved under a name.' })
@Entity('saved_filters')
@Index('saved_filters_name', { synchronize: false })
export class SavedFilter implements Node {
  @Field(() => ID, { description: 'Unique identifier, a UUID.' })
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'saved_filters_pkey' })
  id!: string;

  @ForeignKey(() => Account, { name: 'saved_filters_owner_id_fkey' })
  @Column({ type: 'uuid' })
  ownerId!: string;

  @Field(() => String, { description: 'Name, unique among those of its owner, ignoring case.' })
  @Column({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'The filter as one line of text, for `runs(query:)`.' })
  @Column({ type: 'text' })
  query!: string;

  @Field(() => [String], {
    description: "Fields to show as columns, written as in filters; empty: the client's default.",
  })
  @Column({ type: 'text', array: true, default: () => `'{}'` })
  columns!: string[];

  @Field(() => String, {
    nullable: true,
    description: "What to sort by, for `runs(sort:)`, such as `miou desc, seed`; null: the client's default.",
  })
  @Column({ type: 'text', nullable: true })
  sort!: string | null;

  @Field(() => Boolean, { description: 'Whether everybody sees it. Only its owner and admins change it.' })
  @Column({ type: 'boolean', default: false })
  shared!: boolean;

  @Field(() => GraphQLDateTime, { description: "When it was created, by the server's clock." })
  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { description: "When it was last changed, by the server's clock." })
  @Column({ type: 'timestamptz', default: () => 'now()' })
  updatedAt!: Date;
}
