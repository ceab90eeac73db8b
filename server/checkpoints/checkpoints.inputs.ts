import { Field, InputType, Int } from 'type-graphql';
import { GraphQLSafeInt } from '../graphql/scalars.js';

@InputType({ description: 'A checkpoint that was uploaded before (PUT /blobs/<sha256>).' })
export class CheckpointInput {
  @Field(() => Int)
  step!: number;

  @Field(() => String)
  sha256!: string;

  @Field(() => GraphQLSafeInt)
  bytes!: number;
}
