import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Evaluation, type Predictor, type Subset } from './evaluation.entity.js';

const EVALUATION = ['runId', 'subset', 'network', 'step'] as const;

/**
 * The confusion matrix of each image of an evaluation. Only the newest and the best evaluations of a run have them: run_scores
 * says which these are. One row has all images: they are read together, and a row for each would take more than twice the space.
 */
@Entity('evaluation_images')
@ForeignKey(() => Evaluation, [...EVALUATION], [...EVALUATION], {
  name: 'evaluation_images_evaluation_fkey',
  onDelete: 'CASCADE',
})
export class EvaluationImages {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'evaluation_images_pkey' })
  runId!: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'evaluation_images_pkey' })
  subset!: Subset;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'evaluation_images_pkey' })
  network!: Predictor;

  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'evaluation_images_pkey' })
  step!: number;

  @Column({ type: 'text', array: true })
  imageIds!: string[];

  /** See schema/sparse-counts.ts. In the order of the ids. */
  @Column({ type: 'bytea' })
  counts!: Buffer;
}
