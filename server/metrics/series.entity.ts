import { Column, Entity, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation, Unique } from 'typeorm';
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
