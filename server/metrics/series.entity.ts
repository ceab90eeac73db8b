import {
  Column,
  Entity,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
  Unique,
} from 'typeorm';
import { Run } from '../runs/run.entity.js';

/** A named scalar of a run. */
@Entity('series')
@Unique('series_run_id_name_key', ['runId', 'name'])
export class SeriesRow {
  @PrimaryGeneratedColumn('identity', {
    type: 'int',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'series_pkey',
  })
  id!: number;

  @Column({ type: 'uuid' })
  runId!: string;

  @ManyToOne(() => Run, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'series_run_id_fkey' })
  runRow?: Relation<Run>;

  @Column({ type: 'text' })
  name!: string;
}

/** The value of a series at a step. It may be NaN or infinite. */
@Entity('points')
export class PointRow {
  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'points_pkey' })
  seriesId!: number;

  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'points_pkey' })
  step!: number;

  @ManyToOne(() => SeriesRow, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'series_id', foreignKeyConstraintName: 'points_series_id_fkey' })
  seriesRow?: Relation<SeriesRow>;

  @Column({ type: 'double precision' })
  value!: number;
}
