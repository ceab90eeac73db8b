import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation, Unique } from 'typeorm';
import { Run } from '../runs/run.entity.js';

/**
 * A named scalar of a run. What lists are filtered by is that of the points that are in blocks; the view series_summaries also
 * knows those that wait.
 */
@Entity('series')
@Index('series_name', ['name', 'runId'])
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

  @Column({ type: 'double precision', nullable: true })
  lastValue!: number | null;

  /** The lowest value that is not NaN. */
  @Column({ type: 'double precision', nullable: true })
  low!: number | null;

  @Column({ type: 'double precision', nullable: true })
  high!: number | null;

  /** The mean of the newest 10 values, or of all if there are fewer. */
  @Column({ name: 'mean10', type: 'double precision', nullable: true })
  mean10!: number | null;

  @Column({ name: 'mean100', type: 'double precision', nullable: true })
  mean100!: number | null;
}
