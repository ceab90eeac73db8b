import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
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
} from 'typeorm';
import { type AlarmKind, alarmKind } from '../../schema/alarms-config.js';
import { Predictor } from '../evaluations/evaluation.entity.js';
import { Node } from '../graphql/node.js';
import { GraphQLDateTime } from '../graphql/scalars.js';
import { Run } from '../runs/run.entity.js';

/** The enum's values, for decorators. They are listed once, in schema/alarms-config.ts. */
export const AlarmKinds = alarmKind.enum;

registerEnumType(AlarmKinds, {
  name: 'AlarmKind',
  description: 'What looks wrong. docs/metrics.md describes how each kind is detected.',
  valuesConfig: {
    NEVER_PREDICTED: {
      description:
        'A class that occurs in the validation images was not predicted ' +
        'for a single pixel in several evaluations in a row.',
    },
    TAKEOVER: {
      description: 'One class takes over the pseudo-labels, or the predictions if the method has no pseudo-labels.',
    },
    DIVERGING_AGREEMENT: { description: 'The networks agree more while their mIoU falls.' },
    DROP: { description: "A network's mIoU has fallen far below its best so far." },
    STALLED: { description: 'The training process has been silent for too long. If it stays silent, it is killed.' },
    DATA: {
      description: 'Something looks wrong with the images or labels that the run uses. Raised before the first step.',
    },
  },
});

/** Something about a run that looks wrong. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'Something in a run that looks wrong, found by the runner.',
})
@Entity('alarms')
@Index('alarms_once', { synchronize: false })
@Check('alarms_kind_check', `kind IN ('NEVER_PREDICTED', 'TAKEOVER', 'DIVERGING_AGREEMENT', 'DROP', 'STALLED', 'DATA')`)
@Check('alarms_over_step_check', 'over_step >= step')
@Check('alarms_network_check', `network IN ('BRANCH1', 'BRANCH2', 'ENSEMBLE')`)
export class Alarm implements Node {
  @Field(() => ID, { description: 'Unique identifier, a UUID.' })
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'alarms_pkey' })
  id!: string;

  @Column({ type: 'uuid' })
  runId!: string;

  @ManyToOne(() => Run, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'alarms_run_id_fkey' })
  runRow?: Relation<Run>;

  @Field(() => Int, { description: 'Step after which the alarm was raised.' })
  @Column({ type: 'int' })
  step!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'Step at which the alarm was over; null while it is active. If the run has ended, null means that it was active ' +
      'at the end, or that the runner was too old to say when alarms are over.',
  })
  @Column({ type: 'int', nullable: true })
  overStep!: number | null;

  @Field(() => AlarmKinds, { description: 'What looks wrong.' })
  @Column({ type: 'text' })
  kind!: AlarmKind;

  @Field(() => Predictor, {
    nullable: true,
    description: 'Network that the alarm is about; null if it is about all of them.',
  })
  @Column({ type: 'text', nullable: true })
  network!: Predictor | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Index of the class in the dataset, from 0; null if the alarm is not about one class.',
  })
  @Column({ type: 'int', nullable: true })
  classIndex!: number | null;

  @Field(() => String, { description: 'What was observed, with the numbers.' })
  @Column({ type: 'text' })
  message!: string;

  @Field(() => GraphQLDateTime, { description: "When it was created, by the server's clock." })
  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  /** The number of the run's change that wrote it last; 0 if an earlier version did. */
  @Column({ type: 'bigint', default: 0 })
  change!: number;

  /** Its number among the alarms of all runs, in the order in which they were raised. One that commits later has a higher one. */
  @Column({ type: 'bigint', default: 0 })
  @Index('alarms_number')
  number!: number;
}

/** Gives alarms their numbers. Whoever raises one locks its only row. */
@Entity('alarm_counter')
@Check('alarm_counter_id_check', 'id = 1')
export class AlarmCounter {
  @PrimaryColumn({ type: 'smallint', default: 1, primaryKeyConstraintName: 'alarm_counter_pkey' })
  id!: number;

  @Column({ type: 'bigint' })
  newest!: number;
}

/** An alarm that was deleted because its run resumed from an earlier step. */
@Entity('retracted_alarms')
export class RetractedAlarm {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'retracted_alarms_pkey' })
  runId!: string;

  /** The number of the run's change that deleted it. */
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'retracted_alarms_pkey' })
  change!: number;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'retracted_alarms_pkey' })
  alarmId!: string;

  @ManyToOne(() => Run, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'retracted_alarms_run_id_fkey' })
  runRow?: Relation<Run>;
}
