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
  description: 'What an image of a sample shows.',
  valuesConfig: {
    INPUT: { description: 'The input of the networks, as an RGB PNG.' },
    GROUND_TRUTH: { description: 'The label map of the image, as a palette PNG of class indices.' },
    BRANCH1: { description: 'What BRANCH1 predicts, as a palette PNG of class indices.' },
    BRANCH2: { description: 'What BRANCH2 predicts, as a palette PNG of class indices.' },
    ENSEMBLE: { description: 'What both networks together predict, as a palette PNG of class indices.' },
  },
});

@InputType({
  description:
    'One image of a sample. Upload the file first, with `POST /uploads`. The input and the ground truth ' +
    'are needed only once per run. Replaces the stored image of the same step, image id and kind.',
})
export class SampleInput {
  @Field(() => Int, { description: 'Step at which the predictions were made.' })
  step!: number;

  @Field(() => String, { description: 'Identifies the image within its dataset: 1 to 512 printable characters.' })
  imageId!: string;

  @Field(() => Int, { description: 'Width of the image in pixels.' })
  width!: number;

  @Field(() => Int, { description: 'Height of the image in pixels.' })
  height!: number;

  @Field(() => SampleKind, { description: 'What the image shows.' })
  kind!: SampleKind;

  @Field(() => String, { description: 'SHA-256 of the file, as 64 lowercase hex digits.' })
  sha256!: string;
}
