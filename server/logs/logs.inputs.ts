import { Field, InputType } from 'type-graphql';
import { GraphQLDateTime } from '../graphql/scalars.js';
import { LogLevel } from './log-line.entity.js';

@InputType({ description: 'A line to add to the log.' })
export class LogLineInput {
  @Field(() => GraphQLDateTime, {
    description:
      "When the line was written, by the server's clock, as the runner knows it. A time in the future is replaced.",
  })
  at!: Date;

  @Field(() => LogLevel, { description: 'How severe the line is.' })
  level!: LogLevel;

  @Field(() => String, { description: 'Text of the line. It is cut after 16,384 characters.' })
  message!: string;
}
