import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import {
  Check,
  Column,
  Entity,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
  Unique,
} from 'typeorm';
import { GraphQLDateTime, GraphQLSafeInt } from '../graphql/scalars.js';
import { Run } from '../runs/run.entity.js';

/** Whose prediction: a branch's network, or both together. In the API it is called Network. */
export enum Predictor {
  BRANCH1 = 'BRANCH1',
  BRANCH2 = 'BRANCH2',
  ENSEMBLE = 'ENSEMBLE',
}

export enum Subset {
  TRAIN = 'TRAIN',
  VAL = 'VAL',
  TEST = 'TEST',
}

export enum Pick {
  NEWEST = 'NEWEST',
  BEST = 'BEST',
}

registerEnumType(Predictor, {
  name: 'Network',
  description: 'Which network made a prediction: one of the twins, or the mean of their probabilities.',
});
registerEnumType(Subset, { name: 'Subset' });
registerEnumType(Pick, { name: 'Pick', description: 'BEST is by mIoU, the earliest of equals.' });

/** A confusion matrix of one network at one step on one subset, with the scores derived from it. */
@ObjectType({ description: 'How one network did on one subset at one step.' })
@Entity('evaluations')
@Unique('evaluations_run_id_subset_network_step_key', ['runId', 'subset', 'network', 'step'])
@Check('evaluations_network_check', `network IN ('BRANCH1', 'BRANCH2', 'ENSEMBLE')`)
@Check('evaluations_subset_check', `subset IN ('TRAIN', 'VAL', 'TEST')`)
export class Evaluation {
  @Field(() => ID)
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'evaluations_pkey' })
  id!: string;

  @Column({ type: 'uuid' })
  runId!: string;

  @ManyToOne(() => Run, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'evaluations_run_id_fkey' })
  runRow?: Relation<Run>;

  @Field(() => Int)
  @Column({ type: 'int' })
  step!: number;

  @Field(() => Predictor)
  @Column({ type: 'text' })
  network!: Predictor;

  @Field(() => Subset)
  @Column({ type: 'text' })
  subset!: Subset;

  @Field(() => [GraphQLSafeInt], {
    description: 'Row-major, confusion[truth * classes + prediction], in pixels.',
  })
  @Column({ type: 'bigint', array: true })
  confusion!: number[];

  @Field(() => Float, {
    nullable: true,
    description: 'Mean over the classes that occur in ground truth or prediction, in [0, 1]; null when none does.',
  })
  @Column({ type: 'double precision', nullable: true })
  meanIou!: number | null;

  @Field(() => Float, { nullable: true, description: 'Share of pixels whose class was predicted right.' })
  @Column({ type: 'double precision', nullable: true })
  pixelAccuracy!: number | null;

  @Field(() => Float, { nullable: true, description: "Mean IoU weighted by the classes' share of the true pixels." })
  @Column({ type: 'double precision', nullable: true })
  frequencyWeightedIou!: number | null;

  @Field(() => GraphQLDateTime)
  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}

/** One class of an evaluation, on a row of its own so that it can be queried and compared. */
@Entity('class_ious')
export class ClassIouRow {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'class_ious_pkey' })
  evaluationId!: string;

  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'class_ious_pkey' })
  classIndex!: number;

  @ManyToOne(() => Evaluation, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'evaluation_id', foreignKeyConstraintName: 'class_ious_evaluation_id_fkey' })
  evaluationRow?: Relation<Evaluation>;

  @Column({ type: 'double precision', nullable: true })
  iou!: number | null;
}
