import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Run } from '../../runs/run.entity.js';
import { SeriesRow } from '../series.entity.js';

/** What is known of a run's points: how many batches there are, up to which they are in blocks, and the newest points. */
@Entity('run_points')
export class RunPoints {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'run_points_pkey' })
  runId!: string;

  @ManyToOne(() => Run, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'run_points_run_id_fkey' })
  runRow?: Relation<Run>;

  /** The number of the newest batch. */
  @Column({ type: 'bigint', default: 0 })
  batches!: number;

  /** The number of the newest batch that is in blocks. */
  @Column({ type: 'bigint', default: 0 })
  rolledUp!: number;

  /** An upper bound of the points that any one series has in later batches. */
  @Column({ type: 'int', default: 0 })
  waiting!: number;

  /** The series that have points, ascending. */
  @Column({ type: 'int', array: true, default: () => `'{}'` })
  series!: number[];

  /** The highest step of each series. */
  @Column({ type: 'bigint', array: true, default: () => `'{}'` })
  lastSteps!: number[];

  /** Its value. */
  @Column({ type: 'double precision', array: true, default: () => `'{}'` })
  lastValues!: number[];
}

/** The points of a report, in order of arrival. */
@Entity('point_batches')
export class PointBatch {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'point_batches_pkey' })
  runId!: string;

  /** Counts the batches of the run. A batch that commits later has a higher number. */
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'point_batches_pkey' })
  number!: number;

  @ManyToOne(() => Run, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'point_batches_run_id_fkey' })
  runRow?: Relation<Run>;

  /** When it arrived. */
  @Column({ type: 'timestamptz', default: () => 'now()' })
  at!: Date;

  /** The series of each point. */
  @Column({ type: 'int', array: true })
  series!: number[];

  @Column({ type: 'bigint', array: true })
  steps!: number[];

  @Column({ type: 'double precision', array: true })
  values!: number[];

  /** When the first of its points was computed, as its runner says; null if it does not say. */
  @Column({ type: 'timestamptz', nullable: true })
  firstTime!: Date | null;

  /** When each point was, in milliseconds after `firstTime`; null if all were at the same time. */
  @Column({ type: 'int', array: true, nullable: true })
  times!: (number | null)[] | null;

  /** Null, or the step after which the points of earlier batches were deleted. Such a batch has no points. */
  @Column({ type: 'bigint', nullable: true })
  cutAfter!: number | null;
}

/** Neighbouring points of a series, ascending by step. Blocks do not overlap. Times are in milliseconds after `firstTime`. */
@Entity('point_blocks')
export class PointBlock {
  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'point_blocks_pkey' })
  seriesId!: number;

  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'point_blocks_pkey' })
  firstStep!: number;

  @ManyToOne(() => SeriesRow, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'series_id', foreignKeyConstraintName: 'point_blocks_series_id_fkey' })
  seriesRow?: Relation<SeriesRow>;

  @Column({ type: 'bigint' })
  lastStep!: number;

  @Column({ type: 'int' })
  points!: number;

  /** Null if no time is known: the points were stored by a version that recorded none. */
  @Column({ type: 'timestamptz', nullable: true })
  firstTime!: Date | null;

  @Column({ type: 'int', nullable: true })
  lastTime!: number | null;

  @Column({ type: 'double precision' })
  firstValue!: number;

  @Column({ type: 'double precision' })
  lastValue!: number;

  /** The lowest value, which may be -Infinity; null if all are NaN. */
  @Column({ type: 'double precision', nullable: true })
  low!: number | null;

  /** The first step with the lowest value. */
  @Column({ type: 'bigint', nullable: true })
  lowStep!: number | null;

  @Column({ type: 'int', nullable: true })
  lowTime!: number | null;

  @Column({ type: 'double precision', nullable: true })
  high!: number | null;

  @Column({ type: 'bigint', nullable: true })
  highStep!: number | null;

  @Column({ type: 'int', nullable: true })
  highTime!: number | null;

  /** The first step whose value is NaN. */
  @Column({ type: 'bigint', nullable: true })
  nanStep!: number | null;

  @Column({ type: 'int', nullable: true })
  nanTime!: number | null;

  /** Steps after `firstStep`. */
  @Column({ type: 'int', array: true })
  steps!: number[];

  @Column({ type: 'double precision', array: true })
  values!: number[];

  /** Null if no time is known; an element is null if that point's is not. */
  @Column({ type: 'int', array: true, nullable: true })
  times!: (number | null)[] | null;

  /** The lowest of the times; null if that of a point is not known. */
  @Column({ type: 'int', nullable: true })
  earliest!: number | null;

  @Column({ type: 'int', nullable: true })
  latest!: number | null;

  /**
   * The places of the lowest and the highest value and the first NaN of each group of 30 points, ascending, from 1. Null if the
   * block is short, or was stored by a version that did not record them.
   */
  @Column({ type: 'smallint', array: true, nullable: true })
  peaks!: number[] | null;
}
