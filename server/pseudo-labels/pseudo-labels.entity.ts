import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Predictor } from '../evaluations/evaluation.entity.js';
import { Run } from '../runs/run.entity.js';

/** What the pseudo-labels of one network were like between two evaluations, in pixels. */
@Entity('pseudo_labels')
@Check('pseudo_labels_network_check', `network IN ('BRANCH1', 'BRANCH2', 'ENSEMBLE')`)
export class PseudoLabelsRow {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pseudo_labels_pkey' })
  runId!: string;

  /** Whose labels. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pseudo_labels_pkey' })
  network!: Predictor;

  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'pseudo_labels_pkey' })
  step!: number;

  @ManyToOne(() => Run, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'pseudo_labels_run_id_fkey' })
  runRow?: Relation<Run>;

  /** By class: the labelled images. */
  @Column({ type: 'bigint', array: true })
  labelledPixels!: number[];

  /** By class: the pseudo-labels. */
  @Column({ type: 'bigint', array: true })
  pseudoPixels!: number[];

  /** Pixels of the unlabelled images that have no pseudo-label. */
  @Column({ type: 'bigint' })
  undecidedPixels!: number;

  /** Row-major, confusion[truth * classes + pseudo-label]; null where the truth is nowhere known. Large, and never read here. */
  @Column({ type: 'bigint', array: true, nullable: true, select: false })
  confusion?: number[] | null;

  /** Of the confusion matrix, like the next. */
  @Column({ type: 'double precision', nullable: true })
  meanIou!: number | null;

  /** By class; null without a confusion matrix. */
  @Column({ type: 'double precision', array: true, nullable: true })
  classIous!: (number | null)[] | null;
}
