import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
  Unique,
} from 'typeorm';
import { Node } from '../graphql/node.js';
import { GraphQLDateTime } from '../graphql/scalars.js';
import { Run } from '../runs/run.entity.js';

/** Which network made a prediction: that of a branch, or both together. The API calls it Network. */
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
  description: 'Which network made a prediction. The dashboard calls BRANCH1 network 1, and BRANCH2 network 2.',
  valuesConfig: {
    BRANCH1: { description: 'The first network, or the only one.' },
    BRANCH2: { description: 'The second network, for methods that train two.' },
    ENSEMBLE: {
      description: 'Both networks together, for methods that train two: the mean of their class probabilities.',
    },
  },
});
registerEnumType(Subset, {
  name: 'Subset',
  description: 'A part of a dataset.',
  valuesConfig: {
    TRAIN: { description: 'The training images. Networks are not evaluated on them.' },
    VAL: { description: 'The validation images. Networks are evaluated on them during training and at the end.' },
    TEST: { description: 'The test images. Networks are evaluated on them once, at the end of training.' },
  },
});
registerEnumType(Pick, {
  name: 'Pick',
  description: 'Which of several evaluations to return.',
  valuesConfig: {
    NEWEST: { description: 'Latest step.' },
    BEST: { description: 'Highest mIoU, earliest on ties.' },
  },
});

/** The confusion matrix of one network on one subset at one step, with the scores computed from it. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description:
    'The confusion matrix of one network on one subset at one step, and the scores computed from it. ' +
    'During training it may cover only the first images of VAL (`training.evaluateImages`).',
})
@Entity('evaluations')
@Unique('evaluations_run_id_subset_network_step_key', ['runId', 'subset', 'network', 'step'])
@Index('evaluations_change', ['runId', 'change'], { where: 'change > 0' })
@Check('evaluations_network_check', `network IN ('BRANCH1', 'BRANCH2', 'ENSEMBLE')`)
@Check('evaluations_subset_check', `subset IN ('TRAIN', 'VAL', 'TEST')`)
export class Evaluation implements Node {
  @Field(() => ID, { description: 'Unique identifier, a UUID.' })
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'evaluations_pkey' })
  id!: string;

  @Column({ type: 'uuid' })
  runId!: string;

  @ManyToOne(() => Run, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'evaluations_run_id_fkey' })
  runRow?: Relation<Run>;

  @Field(() => Int, { description: 'Step at which the network was evaluated.' })
  @Column({ type: 'int' })
  step!: number;

  @Field(() => Predictor, { description: 'Network that was evaluated.' })
  @Column({ type: 'text' })
  network!: Predictor;

  @Field(() => Subset, { description: 'Subset that the network was evaluated on.' })
  @Column({ type: 'text' })
  subset!: Subset;

  /** Row by row: confusion[truth * classes + prediction]. Large, and read only where it is asked for. */
  @Column({ type: 'bigint', array: true, select: false })
  confusion?: number[];

  /** The sum of the confusion matrix. */
  @Column({ type: 'bigint' })
  pixels!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Mean IoU (mIoU) of the classes that occur or are predicted, in [0, 1]; null if there are none.',
  })
  @Column({ type: 'double precision', nullable: true })
  meanIou!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of pixels that were predicted correctly, in [0, 1]; null if there are no pixels.',
  })
  @Column({ type: 'double precision', nullable: true })
  pixelAccuracy!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Mean IoU of the classes, weighted by their share of the true ' +
      'pixels, in [0, 1]; null if there are no pixels.',
  })
  @Column({ type: 'double precision', nullable: true })
  frequencyWeightedIou!: number | null;

  /** By class index: the mean probability given to the true class of a pixel. Null from older runners. Read where it is asked for. */
  @Column({ type: 'double precision', array: true, nullable: true, select: false })
  classConfidences?: (number | null)[] | null;

  @Field(() => GraphQLDateTime, { description: "When it was created, by the server's clock." })
  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  /** The number of the run's change that wrote it last; 0 if an earlier version did. */
  @Column({ type: 'bigint', default: 0 })
  change!: number;
}

/** The scores of one class in an evaluation. It has a row of its own, so that SQL can query and compare it. */
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

  /** Of the pixels predicted as the class, the share that is of it; null if there are none. */
  @Column({ type: 'double precision', nullable: true })
  precision!: number | null;

  /** Of the pixels of the class, the share predicted as it; null if there are none. */
  @Column({ type: 'double precision', nullable: true })
  recall!: number | null;
}
