import { Field, ID, InputType } from 'type-graphql';
import { GraphQLDateTime } from '../graphql/scalars.js';

@InputType({
  description: 'Conditions that an entry must meet, all of them. A condition that is null or left out is ignored.',
})
export class AuditFilter {
  @Field(() => ID, { nullable: true, description: 'This account sent it.' })
  accountId?: string | null;

  @Field(() => String, { nullable: true, description: 'It is this mutation, such as `cancelRun`.' })
  operation?: string | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'It is not older than this time.' })
  from?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'It is older than this time.' })
  to?: Date | null;
}
