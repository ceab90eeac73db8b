import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { GraphQLDateTime } from '../graphql/scalars.js';

@InputType()
export class CreateRegistrationTokenInput {
  @Field(() => String)
  label!: string;

  @Field(() => Int, { nullable: true, description: 'How many runners may register with it; null is without limit.' })
  uses?: number | null;

  @Field(() => Int, { nullable: true })
  expiresInSeconds?: number | null;
}

@ObjectType({ description: 'The token is shown this once; only its hash is kept.' })
export class NewToken {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  token!: string;

  @Field(() => GraphQLDateTime, { nullable: true })
  expiresAt!: Date | null;
}
