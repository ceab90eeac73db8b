import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../../context.js';
import { GraphQLFieldValue } from '../../graphql/scalars.js';
import type { FieldValue } from '../filter/field-value.js';
import { Run } from '../run.entity.js';
import type { RunValues } from './values.service.js';

@Resolver(() => Run)
export class RunValuesResolver {
  constructor(
    private readonly services: {
      runValues: RunValues;
    },
  ) {}

  @FieldResolver(() => [GraphQLFieldValue], {
    nullable: 'items',
    description:
      'Values of fields of the run, in the order of `fields`: anything that runs can be filtered by. Null for a ' +
      'field that the run does not have.',
  })
  values(
    @Root() run: Run,
    @Arg('fields', () => [String], {
      description:
        'Up to 100 fields, such as `network.width`, `last("loss")` or `iou("pole", pick: best)` (docs/api/runs.md). ' +
        'BAD_USER_INPUT with the extension `character` for one that no run could have.',
    })
    fields: string[],
    @Ctx() context: Context,
  ): Promise<FieldValue[]> {
    return this.services.runValues.of(context, run.id, fields);
  }
}
