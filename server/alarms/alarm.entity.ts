import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { type AlarmKind, alarmKind } from '../../schema/alarms-config.js';
import { Predictor } from '../evaluations/evaluation.entity.js';
import { GraphQLDateTime } from '../graphql/scalars.js';
import { Run } from '../runs/run.entity.js';

/** The enum's values, for decorators; the configuration has the one list of them. */
export const AlarmKinds = alarmKind.enum;

registerEnumType(AlarmKinds, {
  name: 'AlarmKind',
  description: 'What looks wrong; docs/metrics.md says how each is found.',
  valuesConfig: {
    NEVER_PREDICTED: { description: 'A class that occurs is nowhere predicted.' },
    TAKEOVER: { description: 'One class takes over the pseudo-labels; without pseudo-labels, the predictions.' },
    DIVERGING_AGREEMENT: { description: 'The networks agree more while mIoU falls.' },
    DROP: { description: 'mIoU has fallen from its peak.' },
  },
});

/** Something about a run that looks wrong. */
@ObjectType({ description: 'Something about a run that looks wrong, as its runner found at an evaluation.' })
@Entity('alarms')
@Index('alarms_once', { synchronize: false })
@Check('alarms_kind_check', `kind IN ('NEVER_PREDICTED', 'TAKEOVER', 'DIVERGING_AGREEMENT', 'DROP')`)
@Check('alarms_network_check', `network IN ('BRANCH1', 'BRANCH2', 'ENSEMBLE')`)
export class Alarm {
  @Field(() => ID)
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'alarms_pkey' })
  id!: string;

  @Column({ type: 'uuid' })
  runId!: string;

  @ManyToOne(() => Run, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'run_id', foreignKeyConstraintName: 'alarms_run_id_fkey' })
  runRow?: Relation<Run>;

  @Field(() => Int, { description: 'Of the evaluation at which it was found.' })
  @Column({ type: 'int' })
  step!: number;

  @Field(() => AlarmKinds)
  @Column({ type: 'text' })
  kind!: AlarmKind;

  @Field(() => Predictor, { nullable: true, description: 'Which network it is about; null for all of them.' })
  @Column({ type: 'text', nullable: true })
  network!: Predictor | null;

  @Field(() => Int, { nullable: true, description: 'Which class it is about, if it is about one.' })
  @Column({ type: 'int', nullable: true })
  classIndex!: number | null;

  @Field(() => String, { description: 'What was seen, with its numbers.' })
  @Column({ type: 'text' })
  message!: string;

  @Field(() => GraphQLDateTime)
  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
