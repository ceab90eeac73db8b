import { Field, InputType } from 'type-graphql';

@InputType({ description: 'A filter to save.' })
export class CreateSavedFilterInput {
  @Field(() => String, { description: 'Name, 1 to 128 characters. CONFLICT if a filter of the account has it.' })
  name!: string;

  @Field(() => String, { description: 'The filter as one line of text. BAD_USER_INPUT if `runs(query:)` refuses it.' })
  query!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'Fields to show as columns, written as in filters, such as `iou(pole)`. At most 50. Default: none.',
  })
  columns?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'What to sort by, as for `runs(sort:)`, such as `miou desc, seed`. Default: none.',
  })
  sort?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether everybody sees it. Default: false.' })
  shared?: boolean | null;
}

@InputType({ description: 'What to change about a saved filter. Fields that are null or left out do not change.' })
export class UpdateSavedFilterInput {
  @Field(() => String, {
    nullable: true,
    description: 'New name, 1 to 128 characters. CONFLICT if another filter of its owner has it.',
  })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The filter as one line of text. BAD_USER_INPUT if `runs(query:)` refuses it.',
  })
  query?: string | null;

  @Field(() => [String], { nullable: true, description: 'Fields to show as columns; an empty list removes them.' })
  columns?: string[] | null;

  @Field(() => String, { nullable: true, description: 'What to sort by; an empty text removes it.' })
  sort?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether everybody sees it.' })
  shared?: boolean | null;
}
