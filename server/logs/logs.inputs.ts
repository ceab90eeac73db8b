import { Field, InputType } from 'type-graphql';
import { GraphQLDateTime } from '../graphql/scalars.js';
import { LogLevel } from './log-line.entity.js';

@InputType()
export class LogLineInput {
  @Field(() => GraphQLDateTime)
  at!: Date;

  @Field(() => LogLevel)
  level!: LogLevel;

  @Field(() => String)
  message!: string;
}
