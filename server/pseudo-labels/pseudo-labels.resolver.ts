import { Arg, Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { Network } from '../evaluations/evaluation.entity.js';
import { Run } from '../runs/run.entity.js';
import { PseudoLabelsArgs } from './pseudo-labels.inputs.js';
import { PseudoLabelsService } from './pseudo-labels.service.js';
import { PseudoLabels } from './pseudo-labels.types.js';

@Resolver(() => Run)
export class PseudoLabelsResolver {
  constructor(private readonly pseudoLabelsService: PseudoLabelsService) {}

  @FieldResolver(() => [PseudoLabels], {
    description:
      'Quality of the pseudo-labels, one entry per network and evaluation, ' +
      'oldest first. Empty for methods without pseudo-labels.',
  })
  pseudoLabels(
    @Root() run: Run,
    @Args(() => PseudoLabelsArgs) args: PseudoLabelsArgs,
    @Ctx() context: Context,
  ): Promise<PseudoLabels[]> {
    return this.pseudoLabelsService.ofRun(context, run, args);
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: "Step of a network's newest entry in `pseudoLabels`; null if there is none.",
  })
  pseudoLabelStep(
    @Root() run: Run,
    @Arg('network', () => Network, { description: 'Network to look up.' }) network: Network,
    @Ctx() context: Context,
  ): Promise<number | null> {
    return this.pseudoLabelsService.newestStep(context, run.id, network);
  }
}
