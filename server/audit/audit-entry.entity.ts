import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { GraphQLDateTime, GraphQLJSONObject } from '../graphql/scalars.js';
import { AuditChange } from './changes.js';

/** One mutation by a person or the command line, or one registration of a runner. It has no foreign keys: it outlives what it names. */
@ObjectType({
  description:
    'A mutation that a person sent, what the command line did instead, or the registration of a runner, even if refused.',
})
@Entity('audit_log')
@Index('audit_log_account_id', ['accountId', 'id'])
@Index('audit_log_operation', ['operation', 'id'])
@Index('audit_log_at', ['at'])
export class AuditEntry {
  @Field(() => ID, { description: 'Unique identifier, a number. Later entries have higher ids.' })
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'audit_log_pkey',
  })
  id!: number;

  @Field(() => GraphQLDateTime, { description: "When the operation had ended, by the server's clock." })
  @Column({ type: 'timestamptz', default: () => 'now()' })
  at!: Date;

  @Column({ type: 'uuid', nullable: true })
  accountId!: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Token that was sent, or that a runner registered with. Null if none was, or the server does not know it.',
  })
  @Column({ type: 'uuid', nullable: true })
  tokenId!: string | null;

  @Field(() => ID, { nullable: true, description: 'Runner that was registered; null for every other operation.' })
  @Column({ type: 'uuid', nullable: true })
  runnerId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'IP address that the request came from; null if unknown, and for the command line.',
  })
  @Column({ type: 'inet', nullable: true })
  address!: string | null;

  @Field(() => String, { description: 'Name of the mutation, such as `cancelRun`.' })
  @Column({ type: 'text' })
  operation!: string;

  @Field(() => [ID], {
    description:
      'What it changed or created: ids of runs, studies, runners, datasets, accounts, tokens or saved filters.',
  })
  @Column({ type: 'uuid', array: true })
  targets!: string[];

  @Field(() => GraphQLJSONObject, {
    description:
      'Its arguments, without secrets. Long texts are cut; of configurations, conditions (`where`), notes and descriptions, ' +
      'only the SHA-256 is kept.',
  })
  @Column({ type: 'jsonb' })
  arguments!: Record<string, unknown>;

  @Field(() => [AuditChange], {
    description:
      'Fields of runs, studies and runners that it edited, at most 100. `Run.edits` and `Study.edits` have all ' +
      'of them.',
  })
  @Column({ type: 'jsonb', default: [] })
  changes!: AuditChange[];

  @Field(() => String, { description: '`OK`, or the code of the error that it ended with, such as `FORBIDDEN`.' })
  @Column({ type: 'text' })
  outcome!: string;
}

export type NewAuditEntry = Omit<AuditEntry, 'id' | 'at'>;
