import { Column, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { Dataset } from '../datasets/dataset.entity.js';

/** What a queued run demands of a runner. All queued runs with the same demands share it. */
@Entity('placements')
@Unique('placements_demands_key', ['pool', 'engine', 'datasetId', 'configVersion'])
export class Placement {
  @PrimaryGeneratedColumn('identity', {
    type: 'int',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'placements_pkey',
  })
  id!: number;

  @Column({ type: 'text' })
  pool!: string;

  /** `any` is every engine. */
  @Column({ type: 'text' })
  engine!: string;

  @ForeignKey(() => Dataset, { name: 'placements_dataset_id_fkey', onDelete: 'CASCADE' })
  @Column({ type: 'uuid' })
  datasetId!: string;

  /** The CONFIG_VERSION that the runner must have. */
  @Column({ type: 'int' })
  configVersion!: number;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
