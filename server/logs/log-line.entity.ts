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

registerEnumType(LogLevel, {
  name: 'LogLevel',
  description: 'How severe a log line is.',
  valuesConfig: {
    DEBUG: { description: 'A detail that helps to find the cause of a problem.' },
    INFO: { description: 'Normal progress.' },
    WARN: { description: 'Something unexpected that does not stop training.' },
    ERROR: { description: 'A failure that ended the attempt.' },
  },
});

/** A line that the training process logged. */
@ObjectType({ description: 'A line that was logged while a run was trained.' })
@Entity('log_lines')
@Index('log_lines_run_id', ['runId', 'id'])
@Check('log_lines_level_check', `level IN ('DEBUG', 'INFO', 'WARN', 'ERROR')`)
export class LogLine {
  @Field(() => ID, { description: 'Unique identifier, a number. Later lines have higher ids.' })
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

  @Field(() => Int, { description: 'Fence of the attempt that wrote the line.' })
  @Column({ type: 'int' })
  fence!: number;

  @Field(() => GraphQLDateTime, {
    description: "When the line was written, by the server's clock. Older runners use their own clock.",
  })
  @Column({ type: 'timestamptz' })
  at!: Date;

  @Field(() => LogLevel, { description: 'How severe the line is.' })
  @Column({ type: 'text' })
  level!: LogLevel;

  @Field(() => String, { description: 'Text of the line.' })
  @Column({ type: 'text' })
  message!: string;
}
