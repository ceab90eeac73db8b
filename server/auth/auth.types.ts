import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { GraphQLDateTime } from '../graphql/scalars.js';

@InputType({ description: 'A token that lets machines register as runners.' })
export class CreateRegistrationTokenInput {
  @Field(() => String, { description: 'What the token is for: a text of 1 to 128 characters.' })
  label!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'How many runners may register with it, at least 1; null means any number.',
  })
  uses?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Seconds until it expires, at most 315,360,000 (ten years); null means never.',
  })
  expiresInSeconds?: number | null;
}

@ObjectType({ description: 'A new token. It is shown only once; the server stores only its hash.' })
export class NewToken {
  @Field(() => ID, { description: 'Unique identifier, a UUID.' })
  id!: string;

  @Field(() => String, { description: 'The secret. It cannot be shown again.' })
  token!: string;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When the token expires; null means never.' })
  expiresAt!: Date | null;
}
