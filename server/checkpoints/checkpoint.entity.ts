import {
  Column,
  Entity,
  ForeignKey,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { Blob } from '../blobs/blob.entity.js';
import { Run } from '../runs/run.entity.js';

/** A file that a run can resume from. */
@Entity('checkpoints')
@Index('checkpoints_run_id', ['runId', 'id'])
@Index('checkpoints_attempt_id', ['attemptId'])
@Index('checkpoints_sha256', ['sha256'])
export class Checkpoint {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'checkpoints_pkey',
  })
  id!: number;

  @Column({ type: 'uuid' })
  runId!: string;

  @ManyToOne(() => Run, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'checkpoints_run_id_fkey' })
  runRow?: Relation<Run>;

  // By name, because server/attempts imports this folder.
  @ForeignKey('Attempt', { name: 'checkpoints_attempt_id_fkey', onDelete: 'CASCADE' })
  @Column({ type: 'uuid' })
  attemptId!: string;

  @Column({ type: 'int' })
  step!: number;

  @Column({ type: 'text' })
  sha256!: string;

  @ManyToOne(() => Blob, { nullable: false })
  @JoinColumn({ name: 'sha256', foreignKeyConstraintName: 'checkpoints_sha256_fkey' })
  blobRow?: Relation<Blob>;

  @Column({ type: 'bigint' })
  bytes!: number;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
