import { Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { StudyBase, StudyMatrix } from '../../schema/study-matrix.js';
import { Account } from '../accounts/account.entity.js';
import { Node } from '../graphql/node.js';
import { GraphQLDateTime, GraphQLJSONObject } from '../graphql/scalars.js';

/** A matrix of runs that are compared in one table. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description:
    'Runs that are compared: a base configuration and a matrix of methods, splits, backbones, variants and seeds.',
})
@Entity('studies')
@Index('studies_created_at', ['createdAt', 'id'])
@Index('studies_baseline_id', ['baselineId'])
@Check('studies_matrix_check', 'num_nulls(base, matrix) <> 1')
export class Study implements Node {
  @Field(() => ID, { description: 'Unique identifier, a UUID.' })
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'studies_pkey' })
  id!: string;

  @Field(() => String, { description: 'Name given by its creator. It need not be unique.' })
  @Column({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'Notes about the study, in Markdown; empty if there are none.' })
  @Column({ type: 'text', default: '' })
  description!: string;

  @Field(() => [String], { description: 'Tags of the study. Its runs have their own.' })
  @Column({ type: 'text', array: true, default: () => `'{}'` })
  tags!: string[];

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: "When the study was archived, by the server's clock; null if it is not archived.",
  })
  @Column({ type: 'timestamptz', nullable: true })
  archivedAt!: Date | null;

  /** The run that the others are compared with. */
  @ForeignKey('Run', { name: 'studies_baseline_id_fkey', onDelete: 'SET NULL' })
  @Column({ type: 'uuid', nullable: true })
  baselineId!: string | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      'Configuration that the runs of the matrix share, with the defaults at the time when the study was ' +
      'created; null for studies of earlier versions, which did not store it.',
  })
  @Column({ type: 'jsonb', nullable: true })
  base!: StudyBase | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      'Values that the study combines, including those that `extendStudy` has added; null if `base` is null. A ' +
      'study may have other runs, too: those that `createRun` added.',
  })
  @Column({ type: 'jsonb', nullable: true })
  matrix!: StudyMatrix | null;

  /** Null for studies from before there were accounts. */
  @ForeignKey(() => Account, { name: 'studies_author_id_fkey' })
  @Column({ type: 'uuid', nullable: true })
  authorId!: string | null;

  @Field(() => GraphQLDateTime, { description: "When it was created, by the server's clock." })
  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
