import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Predictor } from '../evaluations/evaluation.entity.js';
import { Run } from '../runs/run.entity.js';

/** Pixel counts of one network's pseudo-labels between two evaluations. */
@Entity('pseudo_labels')
@Check('pseudo_labels_network_check', `network IN ('BRANCH1', 'BRANCH2', 'ENSEMBLE')`)
export class PseudoLabelsRow {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pseudo_labels_pkey' })
  runId!: string;

  /** The network that made them, or whose teacher did. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pseudo_labels_pkey' })
  network!: Predictor;

  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'pseudo_labels_pkey' })
  step!: number;

  @ManyToOne(() => Run, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'pseudo_labels_run_id_fkey' })
  runRow?: Relation<Run>;

  /** Pixels of each class in the labelled images. */
  @Column({ type: 'bigint', array: true })
  labelledPixels!: number[];

  /** Pixels of each class in the pseudo-labels. */
  @Column({ type: 'bigint', array: true })
  pseudoPixels!: number[];

  /** Pixels of the unlabelled images that have no pseudo-label. */
  @Column({ type: 'bigint' })
  undecidedPixels!: number;

  /** Row by row: confusion[truth * classes + pseudo-label]. Null if the ground truth is unknown. Large, and never read here. */
  @Column({ type: 'bigint', array: true, nullable: true, select: false })
  confusion?: number[] | null;

  /** Mean IoU of the confusion matrix. */
  @Column({ type: 'double precision', nullable: true })
  meanIou!: number | null;

  /** IoU of each class in the confusion matrix; null without one. */
  @Column({ type: 'double precision', array: true, nullable: true })
  classIous!: (number | null)[] | null;
}
