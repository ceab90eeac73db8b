import { ArgsType, Field, InputType, Int, registerEnumType } from 'type-graphql';
import { PageArgs } from '../graphql/connection.js';
import { OrderDirection } from '../runs/runs.inputs.js';

export enum EvaluationImageOrderField {
  IMAGE_ID = 'IMAGE_ID',
  MEAN_IOU = 'MEAN_IOU',
  PIXEL_ACCURACY = 'PIXEL_ACCURACY',
  CLASS_IOU = 'CLASS_IOU',
  MISSED_PIXELS = 'MISSED_PIXELS',
  FALSE_PIXELS = 'FALSE_PIXELS',
}

registerEnumType(EvaluationImageOrderField, {
  name: 'EvaluationImageOrderField',
  description: 'What the images of an evaluation are sorted by. Images without a value come last in either direction.',
  valuesConfig: {
    IMAGE_ID: { description: 'Id of the image, by its characters.' },
    MEAN_IOU: { description: 'Mean over the classes that occur or are predicted in the image.' },
    PIXEL_ACCURACY: { description: 'Share of the pixels that were predicted correctly.' },
    CLASS_IOU: { description: 'IoU of a class.' },
    MISSED_PIXELS: { description: 'Pixels of a class that were predicted as another.' },
    FALSE_PIXELS: { description: 'Pixels of other classes that were predicted as a class.' },
  },
});

@InputType({ description: 'How to sort the images of an evaluation. Images with equal values are sorted by their id.' })
export class EvaluationImageOrder {
  @Field(() => EvaluationImageOrderField, { description: 'What to sort by.' })
  field!: EvaluationImageOrderField;

  @Field(() => OrderDirection, {
    nullable: true,
    description:
      'Whether the list ascends or descends. Null puts the worst images first: DESC for MISSED_PIXELS and ' +
      'FALSE_PIXELS, ASC otherwise.',
  })
  direction?: OrderDirection | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Index of the class in the dataset, instead of `class`.',
  })
  classIndex?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Name of the class to sort by. CLASS_IOU, MISSED_PIXELS and FALSE_PIXELS need a class; the others do not allow one.',
  })
  class?: string | null;
}

@ArgsType()
export class EvaluationImagesArgs extends PageArgs {
  @Field(() => EvaluationImageOrder, { nullable: true, description: 'Sort order. Default: lowest mIoU first.' })
  orderBy?: EvaluationImageOrder | null;
}

@InputType({ description: 'The confusion matrix of each image of an evaluation.' })
export class EvaluationImagesInput {
  @Field(() => [String], {
    description: 'Ids of the images within the dataset, each once: 1 to 512 printable characters.',
  })
  ids!: string[];

  @Field(() => String, {
    description:
      'Their confusion matrices in this order, without zeros, in Base64. docs/runner-protocol.md describes the bytes. ' +
      'They must add up to `EvaluationInput.confusion`.',
  })
  counts!: string;
}
