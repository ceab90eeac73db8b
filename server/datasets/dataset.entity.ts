import { Field, ID, Int, ObjectType } from 'type-graphql';
import {
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
import { Runner } from '../runners/runner.entity.js';
import type { DatasetFacts } from './dataset-facts.types.js';

@ObjectType({ description: 'One class of a dataset.' })
export class DatasetClass {
  @Field(() => Int, { description: 'Pixel value of the class in label maps, from 0.' })
  index!: number;

  @Field(() => String, { description: 'Name of the class, such as `road`.' })
  name!: string;

  @Field(() => String, { description: 'Display colour, as `#rrggbb`.' })
  color!: string;
}

/** The description of a dataset. The images and labels themselves stay on the runners. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description:
    'Images, labels and classes that runners hold. The server knows a dataset ' +
    'once a runner has announced it; the images stay on the runners.',
})
@Entity('datasets')
@Unique('datasets_name_key', ['name'])
export class Dataset implements Node {
  @Field(() => ID, { description: 'Unique identifier, a UUID.' })
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'datasets_pkey' })
  id!: string;

  @Field(() => String, { description: 'Unique name. A run configuration refers to the dataset by it.' })
  @Column({ type: 'text' })
  name!: string;

  @Field(() => String, {
    description:
      'How its files are arranged, such as `folder` or `voc`; `shapes` and `shapes_longtail` are built in. docs/datasets.md lists all.',
  })
  @Column({ type: 'text' })
  kind!: string;

  @Field(() => [DatasetClass], { description: 'All classes, by index.' })
  @Column({ type: 'jsonb' })
  classes!: DatasetClass[];

  @Field(() => Int, {
    description: 'Label value of ignored pixels, from 0 to 255. They count in no loss and no metric.',
  })
  @Column({ type: 'int' })
  ignoreIndex!: number;

  @Field(() => Int, { description: 'Number of training images that have a label.' })
  @Column({ type: 'int' })
  trainImages!: number;

  @Field(() => Int, { description: 'Number of additional training images that have no label.' })
  @Column({ type: 'int', default: 0 })
  unlabelledImages!: number;

  @Field(() => Int, { description: 'Number of validation images.' })
  @Column({ type: 'int' })
  valImages!: number;

  @Field(() => Int, { description: 'Number of test images; 0 if the dataset has none.' })
  @Column({ type: 'int' })
  testImages!: number;

  @Field(() => String, {
    description: 'SHA-256 of the contents. Two machines hold the same dataset if the fingerprints are equal.',
  })
  @Column({ type: 'text' })
  fingerprint!: string;

  @Field(() => [String], {
    description:
      'What looks wrong with the images or labels, as the runner found when it checked them, in one line each. ' +
      'Empty if nothing does.',
  })
  @Column({ type: 'jsonb', default: [] })
  warnings!: string[];

  /** What it holds, as far as it is known. Large, so it is read only where it is asked for. */
  @Column({ type: 'jsonb', nullable: true, select: false })
  facts!: DatasetFacts | null;

  /** The runner whose description of the dataset is stored. It may replace it until a run uses the dataset. */
  @Column({ type: 'uuid', nullable: true })
  announcedBy!: string | null;

  @ManyToOne(() => Runner, { onDelete: 'SET NULL', nullable: true })
  @JoinColumn({ name: 'announced_by', foreignKeyConstraintName: 'datasets_announced_by_fkey' })
  announcedByRow?: Relation<Runner>;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}

/** Which runner holds which dataset. */
@Entity('runner_datasets')
@Index('runner_datasets_dataset_id', ['datasetId'])
export class RunnerDataset {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'runner_datasets_pkey' })
  runnerId!: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'runner_datasets_pkey' })
  datasetId!: string;

  @ManyToOne(() => Runner, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'runner_id', foreignKeyConstraintName: 'runner_datasets_runner_id_fkey' })
  runnerRow?: Relation<Runner>;

  @ManyToOne(() => Dataset, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'dataset_id', foreignKeyConstraintName: 'runner_datasets_dataset_id_fkey' })
  datasetRow?: Relation<Dataset>;
}
