import { ArgsType, Field, Int, registerEnumType } from 'type-graphql';
import { checkRange } from '../../graphql/checks.js';
import { MAX_PAGE } from '../../graphql/connection.js';

export enum ConfusedBy {
  PIXELS = 'PIXELS',
  SHARE = 'SHARE',
}

registerEnumType(ConfusedBy, {
  name: 'ConfusedBy',
  description: 'How pairs of classes are ranked by confusion.',
  valuesConfig: {
    PIXELS: { description: 'By number of pixels. Large classes come first.' },
    SHARE: {
      description: 'By their share of the pixels of the true class, so that small classes count as much as large ones.',
    },
  },
});

@ArgsType()
export class ClassesArgs {
  @Field(() => [String], {
    nullable: true,
    description: 'Names of the classes to return, in this order; null returns all. BAD_USER_INPUT for an unknown name.',
  })
  classes?: string[] | null;
}

@ArgsType()
export class MostConfusedArgs {
  @Field(() => Int, { defaultValue: 10, description: 'Maximum number of pairs, from 1 to 100.' })
  top!: number;

  @Field(() => ConfusedBy, { defaultValue: ConfusedBy.PIXELS, description: 'What to sort by, most first.' })
  by!: ConfusedBy;

  @Field(() => String, { nullable: true, description: 'Return only pairs of this true class, by name.' })
  truth?: string | null;

  @Field(() => String, { nullable: true, description: 'Return only pairs of this predicted class, by name.' })
  prediction?: string | null;
}

/** @throws BAD_USER_INPUT unless 1 ≤ top ≤ 100 */
export const checkTop = (top: number): void => checkRange('top', top, 1, MAX_PAGE);
