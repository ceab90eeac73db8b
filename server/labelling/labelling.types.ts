import { Field, Float, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Small pictures of an image. Paths are to be appended to the address of the server.' })
export class ReviewPictures {
  @Field(() => Int, { description: 'Width of the pictures in pixels. They may be smaller than the image.' })
  width!: number;

  @Field(() => Int, { description: 'Height of the pictures in pixels.' })
  height!: number;

  @Field(() => String, { description: 'Path of the image, an RGB PNG.' })
  inputUrl!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Path of the label, a palette PNG of class indices; null for an unlabelled image.',
  })
  labelUrl!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Path of what the networks predict together, a palette PNG of class indices.',
  })
  predictionUrl!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Path of a palette PNG that marks the pixels where prediction and label differ or, in an unlabelled image, the two ' +
      'networks. Null for an unlabelled image and a single network.',
  })
  differenceUrl!: string | null;
}

@ObjectType({ description: 'What the networks predict of a class in an unlabelled image.' })
export class ClassInImage {
  @Field(() => Int, { description: 'Index of the class in the dataset, from 0.' })
  classIndex!: number;

  @Field(() => String, { description: 'Name of the class, such as `road`.' })
  name!: string;

  @Field(() => Float, { description: 'Share of the pixels for which it is the most probable class.' })
  predictedShare!: number;

  @Field(() => Float, { description: 'Mean of its probability over all pixels: the share that is expected.' })
  expectedShare!: number;
}

@ObjectType({ description: 'An unlabelled training image that is worth labelling.' })
export class ImageToLabel {
  @Field(() => String, { description: 'Identifies the image within its dataset.' })
  imageId!: string;

  @Field(() => Float, {
    description: 'What the list is sorted by: see docs/labelling.md. Scores of different runs cannot be compared.',
  })
  score!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Id of an image above it that looks much the same. Such images come last.',
  })
  similarTo!: string | null;

  @Field(() => Int, { description: 'Step at which the networks predicted it.' })
  step!: number;

  @Field(() => Int, { description: 'Width of the image in pixels, as the networks saw it.' })
  width!: number;

  @Field(() => Int, { description: 'Height of the image in pixels, as the networks saw it.' })
  height!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of pixels that the two networks predict differently; null for a single network.',
  })
  disagreement!: number | null;

  @Field(() => Float, { description: 'Mean entropy of a pixel, as a share of the largest possible.' })
  entropy!: number;

  @Field(() => Float, { description: 'Mean of the largest probability of a pixel.' })
  confidence!: number;

  @Field(() => [ClassInImage], { description: 'Every class, by index.' })
  classes!: ClassInImage[];

  @Field(() => ReviewPictures, { nullable: true, description: 'Null unless the image is among the first of a list.' })
  pictures!: ReviewPictures | null;
}

@ObjectType({
  description: 'Connected pixels with the same label, for all of which the networks find another class more probable.',
})
export class LabelDoubt {
  @Field(() => String, { description: 'Name of the class that is their label.' })
  label!: string;

  @Field(() => String, { description: 'Name of the class that is predicted for most of them.' })
  takenFor!: string;

  @Field(() => Float, {
    description: 'What doubts are sorted by: pixels, times how much more probable the other class is.',
  })
  score!: number;

  @Field(() => Int, { description: 'How many pixels they are.' })
  pixels!: number;

  @Field(() => Int, { description: 'First column, of the image as the networks saw it.' })
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

@ObjectType({ description: 'A labelled training image whose label may be wrong.' })
export class SuspiciousLabel {
  @Field(() => String, { description: 'Identifies the image within its dataset.' })
  imageId!: string;

  @Field(() => Float, { description: 'What the list is sorted by: the score of the first doubt.' })
  score!: number;

  @Field(() => Int, { description: 'Step at which the networks predicted it.' })
  step!: number;

  @Field(() => Int, { description: 'Width of the image in pixels, as the networks saw it.' })
  width!: number;

  @Field(() => Int, { description: 'Height of the image in pixels, as the networks saw it.' })
  height!: number;

  @Field(() => [LabelDoubt], { description: 'Where, the most suspicious first; up to 20.' })
  doubts!: LabelDoubt[];

  @Field(() => ReviewPictures, { nullable: true, description: 'Null unless the image is among the first of the list.' })
  pictures!: ReviewPictures | null;
}
