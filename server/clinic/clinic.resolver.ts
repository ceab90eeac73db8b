import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { Predictor } from '../evaluations/evaluation.entity.js';
import { Run } from '../runs/run.entity.js';
import type { ClinicService } from './clinic.service.js';
import { ClassCheckup } from './clinic.types.js';

@Resolver(() => Run)
export class ClinicResolver {
  constructor(
    private readonly services: {
      clinic: ClinicService;
    },
  ) {}

  @FieldResolver(() => [ClassCheckup], {
    description:
      'What is known about each class, and why it is not predicted if it is not, by index. From the newest evaluation on ' +
      'VAL; empty before the first one.',
  })
  clinic(
    @Root() run: Run,
    @Arg('network', () => Predictor, { defaultValue: Predictor.BRANCH1, description: 'Network to examine.' })
    network: Predictor,
    @Ctx() context: Context,
  ): Promise<ClassCheckup[]> {
    return this.services.clinic.checkups(context, run, network);
  }
}
