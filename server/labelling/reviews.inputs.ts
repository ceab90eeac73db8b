import { Field, Float, InputType, Int, registerEnumType } from 'type-graphql';

export enum ReviewPictureKind {
  INPUT = 'INPUT',
  LABEL = 'LABEL',
  PREDICTION = 'PREDICTION',
  DIFFERENCE = 'DIFFERENCE',
}

registerEnumType(ReviewPictureKind, {
  name: 'ReviewPictureKind',
  description: 'What a picture of a reviewed image shows.',
  valuesConfig: {
    INPUT: { description: 'The image, as an RGB PNG.' },
    LABEL: { description: 'The label of a labelled image, as a palette PNG of class indices.' },
    PREDICTION: { description: 'What the networks predict together, as a palette PNG of class indices.' },
    DIFFERENCE: {
      description:
        'A palette PNG of 0 where prediction and label differ or, if the image has no label, the two networks; and of 1 elsewhere.',
    },
  },
});

@InputType({
  description:
    'What the networks make of an unlabelled training image. Arrays are indexed by class. Probabilities are the mean of both ' +
    'networks, or those of the only one. Replaces the stored review of the image.',
})
export class ImageReviewInput {
  @Field(() => Int, { description: 'Step at which the image was reviewed.' })
  step!: number;

  @Field(() => String, { description: 'Identifies the image within its dataset: 1 to 512 printable characters.' })
  imageId!: string;

  @Field(() => Int, { description: 'Width of the image in pixels, as the networks saw it.' })
  width!: number;

  @Field(() => Int, { description: 'Height of the image in pixels, as the networks saw it.' })
  height!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of pixels that the two networks predict differently; null for a single network.',
  })
  disagreement?: number | null;

  @Field(() => Float, { description: 'Mean entropy of a pixel, as a share of the largest possible.' })
  entropy!: number;

  @Field(() => Float, { description: 'Mean of the largest probability of a pixel.' })
  confidence!: number;

  @Field(() => [Int], { description: 'Pixels for which the class is the most probable one.' })
  predicted!: number[];

  @Field(() => [Float], { description: 'Sum of the probabilities of the class, in pixels.' })
  expected!: number[];

  @Field(() => [Float], {
    description: 'Sum of the probabilities of the class, each times the entropy of its pixel, in pixels.',
  })
  uncertain!: number[];

  @Field(() => [Float], {
    description:
      'Of the pixels that the two networks predict differently, half of those of which one predicts the class; 0 for a single network.',
  })
  disputed!: number[];

  @Field(() => String, {
    description:
      'Perceptual hash of the picture, 16 lowercase hex digits. Similar pictures differ in few of its 64 bits.',
  })
  hash!: string;
}

@InputType({
  description:
    'Connected pixels with the same label, for all of which another class is more probable. The box is in pixels; `right` and ' +
    '`bottom` are exclusive.',
})
export class LabelDoubtInput {
  @Field(() => Int, { description: 'Index of the class that is their label.' })
  classIndex!: number;

  @Field(() => Int, { description: 'Index of the class that is the most probable one of most of them.' })
  takenFor!: number;

  @Field(() => Int, { description: 'How many pixels they are.' })
  pixels!: number;

  @Field(() => Int, { description: 'First column.' })
  left!: number;

  @Field(() => Int, { description: 'First row.' })
  top!: number;

  @Field(() => Int, { description: 'Column after the last one.' })
  right!: number;

  @Field(() => Int, { description: 'Row after the last one.' })
  bottom!: number;

  @Field(() => Float, { description: 'Mean probability of their label.' })
  labelProbability!: number;

  @Field(() => Float, { description: 'Mean probability of the most probable class of each.' })
  otherProbability!: number;
}

@InputType({
  description: 'Where the networks doubt the label of a training image. Replaces the stored review of the image.',
})
export class LabelReviewInput {
  @Field(() => Int, { description: 'Step at which the label was reviewed.' })
  step!: number;

  @Field(() => String, { description: 'Identifies the image within its dataset: 1 to 512 printable characters.' })
  imageId!: string;

  @Field(() => Int, { description: 'Width of the image in pixels, as the networks saw it.' })
  width!: number;

  @Field(() => Int, { description: 'Height of the image in pixels, as the networks saw it.' })
  height!: number;

  @Field(() => [LabelDoubtInput], { description: 'The doubts, the most suspicious first; up to 20.' })
  doubts!: LabelDoubtInput[];
}

@InputType({
  description:
    'A picture of an image that was reviewed. Upload the file first, with `POST /uploads`. Replaces the stored picture of the same ' +
    'image and kind.',
})
export class ReviewPictureInput {
  @Field(() => Int, { description: 'Step at which the image was reviewed.' })
  step!: number;

  @Field(() => String, { description: 'Identifies the image within its dataset: 1 to 512 printable characters.' })
  imageId!: string;

  @Field(() => ReviewPictureKind, { description: 'What the picture shows.' })
  kind!: ReviewPictureKind;

  @Field(() => Int, { description: 'Width of the picture in pixels.' })
  width!: number;

  @Field(() => Int, { description: 'Height of the picture in pixels.' })
  height!: number;

  @Field(() => String, { description: 'SHA-256 of the file, as 64 lowercase hex digits.' })
  sha256!: string;
}
