import { Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { Account } from '../accounts/account.entity.js';
import { GraphQLDateTime, GraphQLJSON } from '../graphql/scalars.js';
import { Run } from '../runs/run.entity.js';
import { Study } from '../studies/study.entity.js';

/** Who changed a field of a run or a study. It is deleted with the run or study; the audit log keeps who changed what. */
@ObjectType({ description: 'A change that a person made to a field of a run or a study.' })
@Entity('edits')
@Index('edits_run_id', ['runId', 'id'])
@Index('edits_study_id', ['studyId', 'id'])
@Check('edits_target_check', 'num_nonnulls(run_id, study_id) = 1')
export class Edit {
  @Field(() => ID, { description: 'Unique identifier, a number. Later edits have higher ids.' })
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'edits_pkey',
  })
  id!: number;

  @Field(() => GraphQLDateTime, { description: "When it was made, by the server's clock." })
  @Column({ type: 'timestamptz', default: () => 'now()' })
  at!: Date;

  @ForeignKey(() => Account, { name: 'edits_account_id_fkey' })
  @Column({ type: 'uuid' })
  accountId!: string;

  @ForeignKey(() => Run, { name: 'edits_run_id_fkey', onDelete: 'CASCADE' })
  @Column({ type: 'uuid', nullable: true })
  runId!: string | null;

  @ForeignKey(() => Study, { name: 'edits_study_id_fkey', onDelete: 'CASCADE' })
  @Column({ type: 'uuid', nullable: true })
  studyId!: string | null;

  @Field(() => String, {
    description:
      'What was changed: `name`, `tags`, `notes`, `description`, `archived`, `priority` or `baseline`, which is the number of a run.',
  })
  @Column({ type: 'text' })
  field!: string;

  @Field(() => GraphQLJSON, { nullable: true, description: 'Value before the change; null if there was none.' })
  @Column({ type: 'jsonb', nullable: true })
  old!: unknown;

  @Field(() => GraphQLJSON, { nullable: true, description: 'Value after the change; null if there is none.' })
  @Column({ type: 'jsonb', nullable: true })
  new!: unknown;
}
