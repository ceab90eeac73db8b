import { Field, InputType, Int } from 'type-graphql';
import type { AlarmKind } from '../../schema/alarms-config.js';
import { Predictor } from '../evaluations/evaluation.entity.js';
import { AlarmKinds } from './alarm.entity.js';

@InputType({ description: 'An alarm of the same step, kind, network and class is the same alarm.' })
export class AlarmInput {
  @Field(() => Int)
  step!: number;

  @Field(() => AlarmKinds)
  kind!: AlarmKind;

  @Field(() => Predictor, { nullable: true })
  network?: Predictor | null;

  @Field(() => Int, { nullable: true })
  classIndex?: number | null;

  @Field(() => String)
  message!: string;
}
