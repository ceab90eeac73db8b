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
      'What the pseudo-labels were like, one entry a network and evaluation, oldest first; empty for methods without.',
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
    description: "The step of a network's newest pseudoLabels; null without.",
  })
  pseudoLabelStep(
    @Root() run: Run,
    @Arg('network', () => Predictor) network: Predictor,
    @Ctx() context: Context,
  ): Promise<number | null> {
    return this.services.pseudoLabels.newestStep(context, run.id, network);
  }
}
