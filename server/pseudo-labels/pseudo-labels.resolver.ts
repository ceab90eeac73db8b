import { Arg, Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { Predictor } from '../evaluations/evaluation.entity.js';
import { Run } from '../runs/run.entity.js';
import { PseudoLabelsArgs } from './pseudo-labels.inputs.js';
import type { PseudoLabelsService } from './pseudo-labels.service.js';
import { PseudoLabels } from './pseudo-labels.types.js';

@Resolver(() => Run)
export class PseudoLabelsResolver {
  constructor(
    private readonly services: {
      pseudoLabels: PseudoLabelsService;
    },
  ) {}

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
    return this.services.pseudoLabels.ofRun(context, run, args);
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: "Step of a network's newest entry in `pseudoLabels`; null if there is none.",
  })
  pseudoLabelStep(
    @Root() run: Run,
    @Arg('network', () => Predictor, { description: 'Network to look up.' }) network: Predictor,
    @Ctx() context: Context,
  ): Promise<number | null> {
    return this.services.pseudoLabels.newestStep(context, run.id, network);
  }
}
