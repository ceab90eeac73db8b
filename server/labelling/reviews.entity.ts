import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { ImageReview, LabelDoubt } from '../../schema/labelling/review.js';
import { Blob } from '../blobs/blob.entity.js';
import { Run } from '../runs/run.entity.js';
import { ReviewPictureKind } from './reviews.inputs.js';

/** What the networks of a run make of an unlabelled training image at its end. See `ImageReview`. */
@Entity('image_reviews')
export class ImageReviewRow implements ImageReview {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'image_reviews_pkey' })
  runId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'image_reviews_pkey' })
  imageId!: string;

  @ManyToOne(() => Run, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'image_reviews_run_id_fkey' })
  runRow?: Relation<Run>;

  @Column({ type: 'int' })
  step!: number;

  @Column({ type: 'int' })
  width!: number;

  @Column({ type: 'int' })
  height!: number;

  @Column({ type: 'double precision', nullable: true })
  disagreement!: number | null;

  @Column({ type: 'double precision' })
  entropy!: number;

  @Column({ type: 'double precision' })
  confidence!: number;

  @Column({ type: 'int', array: true })
  predicted!: number[];

  @Column({ type: 'real', array: true })
  expected!: number[];

  @Column({ type: 'real', array: true })
  uncertain!: number[];

  @Column({ type: 'real', array: true })
  disputed!: number[];

  @Column({ type: 'text' })
  hash!: string;
}

/** Where the networks of a run doubt the label of a training image at its end. */
@Entity('label_reviews')
export class LabelReviewRow {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'label_reviews_pkey' })
  runId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'label_reviews_pkey' })
  imageId!: string;

  @ManyToOne(() => Run, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'label_reviews_run_id_fkey' })
  runRow?: Relation<Run>;

  @Column({ type: 'int' })
  step!: number;

  @Column({ type: 'int' })
  width!: number;

  @Column({ type: 'int' })
  height!: number;

  /** The most suspicious first. */
  @Column({ type: 'jsonb' })
  doubts!: LabelDoubt[];
}

/** A small picture of an image that was reviewed. */
@Entity('review_pictures')
@Index('review_pictures_sha256', ['sha256'])
@Check('review_pictures_kind_check', `kind IN ('INPUT', 'LABEL', 'PREDICTION', 'DIFFERENCE')`)
export class ReviewPictureRow {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'review_pictures_pkey' })
  runId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'review_pictures_pkey' })
  imageId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'review_pictures_pkey' })
  kind!: ReviewPictureKind;

  @ManyToOne(() => Run, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'review_pictures_run_id_fkey' })
  runRow?: Relation<Run>;

  @Column({ type: 'int' })
  width!: number;

  @Column({ type: 'int' })
  height!: number;

  @Column({ type: 'text' })
  sha256!: string;

  @ManyToOne(() => Blob, { nullable: false })
  @JoinColumn({ name: 'sha256', foreignKeyConstraintName: 'review_pictures_sha256_fkey' })
  blobRow?: Relation<Blob>;
}
