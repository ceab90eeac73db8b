import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { Run } from '../runs/run.entity.js';
import type { SamplesService } from './samples.service.js';
import { Sample } from './samples.types.js';

@Resolver(() => Run)
export class SamplesResolver {
  constructor(
    private readonly services: {
      samples: SamplesService;
    },
  ) {}

  @FieldResolver(() => [Sample], { description: 'Samples at a step, by image id. Empty if there are none.' })
  samples(
    @Root() run: Run,
    @Arg('step', () => Int, {
      nullable: true,
      description: 'Step to return, one of `sampleSteps`; null returns the newest.',
    })
    step: number | null,
    @Ctx() context: Context,
  ): Promise<Sample[]> {
    return this.services.samples.samples(context, run.id, step ?? null);
  }

  @FieldResolver(() => [Int], { description: 'Steps at which there are samples, ascending.' })
  sampleSteps(@Root() run: Run, @Ctx() context: Context): Promise<number[]> {
    return this.services.samples.sampleSteps(context, run.id);
  }
}
