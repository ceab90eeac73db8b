import { Field, InputType, Int } from 'type-graphql';
import type { AlarmKind } from '../../schema/alarms-config.js';
import { Predictor } from '../evaluations/evaluation.entity.js';
import { AlarmKinds } from './alarm.entity.js';

@InputType({
  description:
    'An alarm to store. Replaces the stored alarm of the same step, kind, network and class and, if it is of the kind DATA, message.',
})
export class AlarmInput {
  @Field(() => Int, { description: 'Step after which the alarm was raised.' })
  step!: number;

  @Field(() => AlarmKinds, { description: 'What looks wrong.' })
  kind!: AlarmKind;

  @Field(() => Predictor, {
    nullable: true,
    description: 'Network that the alarm is about; null if it is about all of them.',
  })
  network?: Predictor | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Index of the class in the dataset, from 0; null if the alarm is not about one class.',
  })
  classIndex?: number | null;

  @Field(() => String, { description: 'What was observed, with the numbers. It is cut after 1,000 characters.' })
  message!: string;
}
