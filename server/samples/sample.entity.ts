import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Blob } from '../blobs/blob.entity.js';
import { Predictor } from '../evaluations/evaluation.entity.js';
import { Run } from '../runs/run.entity.js';

/** An image whose predictions a run reports again and again. Its input and ground truth are stored once. */
@Entity('sample_images')
@Index('sample_images_input_sha256', ['inputSha256'])
@Index('sample_images_ground_truth_sha256', ['groundTruthSha256'])
export class SampleImage {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'sample_images_pkey' })
  runId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'sample_images_pkey' })
  imageId!: string;

  @ManyToOne(() => Run, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'sample_images_run_id_fkey' })
  runRow?: Relation<Run>;

  @Column({ type: 'int' })
  width!: number;

  @Column({ type: 'int' })
  height!: number;

  /** Null until it is reported: a prediction may arrive first. */
  @Column({ type: 'text', nullable: true })
  inputSha256!: string | null;

  @Column({ type: 'text', nullable: true })
  groundTruthSha256!: string | null;

  /** The number of the run's change that changed it last; 0 if an earlier version did. */
  @Column({ type: 'bigint', default: 0 })
  change!: number;

  @ManyToOne(() => Blob, { nullable: true })
  @JoinColumn({ name: 'input_sha256', foreignKeyConstraintName: 'sample_images_input_sha256_fkey' })
  inputBlob?: Relation<Blob>;

  @ManyToOne(() => Blob, { nullable: true })
  @JoinColumn({ name: 'ground_truth_sha256', foreignKeyConstraintName: 'sample_images_ground_truth_sha256_fkey' })
  groundTruthBlob?: Relation<Blob>;
}

/** A network's prediction of a sample image at a step. */
@Entity('samples')
@Index('samples_sha256', ['sha256'])
@Index('samples_change', ['runId', 'change'], { where: 'change > 0' })
@Check('samples_network_check', `network IN ('BRANCH1', 'BRANCH2', 'ENSEMBLE')`)
export class SampleRow {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'samples_pkey' })
  runId!: string;

  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'samples_pkey' })
  step!: number;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'samples_pkey' })
  imageId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'samples_pkey' })
  network!: Predictor;

  @ManyToOne(() => Run, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'samples_run_id_fkey' })
  runRow?: Relation<Run>;

  @Column({ type: 'text' })
  sha256!: string;

  /** The number of the run's change that wrote it last; 0 if an earlier version did. */
  @Column({ type: 'bigint', default: 0 })
  change!: number;

  @ManyToOne(() => Blob, { nullable: false })
  @JoinColumn({ name: 'sha256', foreignKeyConstraintName: 'samples_sha256_fkey' })
  blobRow?: Relation<Blob>;
}
