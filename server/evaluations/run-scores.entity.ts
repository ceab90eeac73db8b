import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Run } from '../runs/run.entity.js';
import type { Predictor, Subset } from './evaluation.entity.js';

/**
 * The newest and the best of a run's evaluations of one network on one subset: where to find them, and their scores. Kept up to
 * date by the transaction that stores an evaluation.
 */
@Entity('run_scores')
@Index('run_scores_mean_iou', { synchronize: false })
@Check('run_scores_network_check', `network IN ('BRANCH1', 'BRANCH2', 'ENSEMBLE')`)
@Check('run_scores_subset_check', `subset IN ('TRAIN', 'VAL', 'TEST')`)
export class RunScores {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'run_scores_pkey' })
  runId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'run_scores_pkey' })
  subset!: Subset;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'run_scores_pkey' })
  network!: Predictor;

  @ManyToOne(() => Run, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'run_scores_run_id_fkey' })
  runRow?: Relation<Run>;

  @Column({ type: 'int' })
  newestStep!: number;

  @Column({ type: 'double precision', nullable: true })
  newestMeanIou!: number | null;

  @Column({ type: 'double precision', nullable: true })
  newestPixelAccuracy!: number | null;

  /** By class. */
  @Column({ type: 'double precision', array: true, nullable: true })
  newestIous!: (number | null)[] | null;

  @Column({ type: 'double precision', array: true, nullable: true })
  newestPrecisions!: (number | null)[] | null;

  @Column({ type: 'double precision', array: true, nullable: true })
  newestRecalls!: (number | null)[] | null;

  /** The highest mIoU, earliest on ties. */
  @Column({ type: 'int' })
  bestStep!: number;

  @Column({ type: 'double precision', nullable: true })
  bestMeanIou!: number | null;

  @Column({ type: 'double precision', nullable: true })
  bestPixelAccuracy!: number | null;

  /** By class. */
  @Column({ type: 'double precision', array: true, nullable: true })
  bestIous!: (number | null)[] | null;

  @Column({ type: 'double precision', array: true, nullable: true })
  bestPrecisions!: (number | null)[] | null;

  @Column({ type: 'double precision', array: true, nullable: true })
  bestRecalls!: (number | null)[] | null;
}
