import { Field, InputType, Int, registerEnumType } from 'type-graphql';

export enum SampleKind {
  INPUT = 'INPUT',
  GROUND_TRUTH = 'GROUND_TRUTH',
  BRANCH1 = 'BRANCH1',
  BRANCH2 = 'BRANCH2',
  ENSEMBLE = 'ENSEMBLE',
}

registerEnumType(SampleKind, {
  name: 'SampleKind',
  description: "The input, the ground truth, or a network's prediction.",
});

@InputType({ description: 'Images are uploaded first (PUT /blobs/<sha256>) and named here by their SHA-256.' })
export class SampleInput {
  @Field(() => Int)
  step!: number;

  @Field(() => String)
  imageId!: string;

  @Field(() => Int)
  width!: number;

  @Field(() => Int)
  height!: number;

  @Field(() => SampleKind)
  kind!: SampleKind;

  @Field(() => String)
  sha256!: string;
}
