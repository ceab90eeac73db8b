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
import { Runner } from '../runners/runner.entity.js';

@ObjectType()
export class DatasetClass {
  @Field(() => Int)
  index!: number;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: '#rrggbb' })
  color!: string;
}

/** What images and labels are, without the images: those stay on the runners. */
@ObjectType({
  description: 'Images with labels that runners hold; known to the server once a runner has announced it.',
})
@Entity('datasets')
@Unique('datasets_name_key', ['name'])
export class Dataset {
  @Field(() => ID)
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'datasets_pkey' })
  id!: string;

  @Field(() => String)
  @Column({ type: 'text' })
  name!: string;

  @Field(() => String)
  @Column({ type: 'text' })
  kind!: string;

  @Field(() => [DatasetClass])
  @Column({ type: 'jsonb' })
  classes!: DatasetClass[];

  @Field(() => Int, { description: 'The label value that is no class and counts nowhere.' })
  @Column({ type: 'int' })
  ignoreIndex!: number;

  @Field(() => Int)
  @Column({ type: 'int' })
  trainImages!: number;

  @Field(() => Int, { description: 'Training images beside these that have no label at all.' })
  @Column({ type: 'int', default: 0 })
  unlabelledImages!: number;

  @Field(() => Int)
  @Column({ type: 'int' })
  valImages!: number;

  @Field(() => Int)
  @Column({ type: 'int' })
  testImages!: number;

  @Field(() => String, { description: 'Two machines hold the same dataset when it is equal.' })
  @Column({ type: 'text' })
  fingerprint!: string;

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
