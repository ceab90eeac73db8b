import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { Run } from '../runs/run.entity.js';
import { PseudoLabelsArgs } from './pseudo-labels.inputs.js';
import { PseudoLabelsService } from './pseudo-labels.service.js';
import { PseudoLabels } from './pseudo-labels.types.js';

@Resolver(() => Run)
export class PseudoLabelsResolver {
  constructor(private readonly pseudoLabelsService: PseudoLabelsService) {}

  @FieldResolver(() => [PseudoLabels], {
    description:
      'What the pseudo-labels were like, one entry a network and evaluation, oldest first; empty for methods without.',
  })
  pseudoLabels(
    @Root() run: Run,
    @Args(() => PseudoLabelsArgs) args: PseudoLabelsArgs,
    @Ctx() context: Context,
  ): Promise<PseudoLabels[]> {
    return this.pseudoLabelsService.ofRun(context, run, args);
  }
}
