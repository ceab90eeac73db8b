import { Field, InputType, Int } from 'type-graphql';
import { GraphQLSafeInt } from '../graphql/scalars.js';

@InputType({
  description:
    'A checkpoint to store. Upload the file first, with `POST /uploads`. The server keeps the two newest of a run.',
})
export class CheckpointInput {
  @Field(() => Int, { description: 'Step at which the checkpoint was written.' })
  step!: number;

  @Field(() => String, { description: 'SHA-256 of the file, as 64 lowercase hex digits.' })
  sha256!: string;

  @Field(() => GraphQLSafeInt, { description: 'Size of the file in bytes. It must be that of the uploaded blob.' })
  bytes!: number;
}
