import { Column, Entity, JoinColumn, ManyToOne, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Run } from '../runs/run.entity.js';

/** What the labelled images of a run's split hold, by class index. */
@Entity('class_labels')
export class ClassLabels {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'class_labels_pkey' })
  runId!: string;

  @OneToOne(() => Run, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'class_labels_run_id_fkey' })
  runRow?: Relation<Run>;

  @Column({ type: 'bigint', array: true })
  pixels!: number[];

  /** Images that hold the class. */
  @Column({ type: 'int', array: true })
  images!: number[];
}

/** The labelled training crops of a run between two evaluations, and how many of them held each class, by index. */
@Entity('class_crops')
export class ClassCrops {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'class_crops_pkey' })
  runId!: string;

  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'class_crops_pkey' })
  step!: number;

  @ManyToOne(() => Run, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'class_crops_run_id_fkey' })
  runRow?: Relation<Run>;

  @Column({ type: 'int' })
  crops!: number;

  @Column({ type: 'int', array: true })
  cropsWithClass!: number[];
}
