import { Field, InputType, Int } from 'type-graphql';
import type { AlarmKind } from '../../schema/alarms-config.js';
import { Predictor } from '../evaluations/evaluation.entity.js';
import { AlarmKinds } from './alarm.entity.js';

@InputType({ description: 'What an alarm is about.' })
class AlarmSubjectInput {
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
}

@InputType({
  description:
    'An alarm to store. Replaces the stored alarm of the same step, kind, network and class and, if it is of the kind DATA, ' +
    'message. It is active.',
})
export class AlarmInput extends AlarmSubjectInput {
  @Field(() => Int, { description: 'Step after which the alarm was raised.' })
  step!: number;

  @Field(() => String, { description: 'What was observed, with the numbers. It is cut after 1,000 characters.' })
  message!: string;
}

@InputType({
  description:
    'Says that the active alarm of this kind, network and class is over. Changes nothing if there is none. ' +
    'Alarms of the kind DATA last as long as their run.',
})
export class AlarmEndInput extends AlarmSubjectInput {
  @Field(() => Int, { description: 'Step at which the alarm was over.' })
  step!: number;
}
