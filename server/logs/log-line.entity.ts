import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { GraphQLDateTime } from '../graphql/scalars.js';
import { Run } from '../runs/run.entity.js';

export enum LogLevel {
  DEBUG = 'DEBUG',
  INFO = 'INFO',
  WARN = 'WARN',
  ERROR = 'ERROR',
}

registerEnumType(LogLevel, { name: 'LogLevel' });

/** What the training process said. */
@ObjectType({ description: 'What the training process said.' })
@Entity('log_lines')
@Index('log_lines_run_id', ['runId', 'id'])
@Check('log_lines_level_check', `level IN ('DEBUG', 'INFO', 'WARN', 'ERROR')`)
export class LogLine {
  @Field(() => ID)
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'log_lines_pkey',
  })
  id!: number;

  @Column({ type: 'uuid' })
  runId!: string;

  @ManyToOne(() => Run, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'log_lines_run_id_fkey' })
  runRow?: Relation<Run>;

  @Field(() => Int, { description: 'The attempt that said it.' })
  @Column({ type: 'int' })
  fence!: number;

  @Field(() => GraphQLDateTime, { description: "By the runner's clock." })
  @Column({ type: 'timestamptz' })
  at!: Date;

  @Field(() => LogLevel)
  @Column({ type: 'text' })
  level!: LogLevel;

  @Field(() => String)
  @Column({ type: 'text' })
  message!: string;
}
