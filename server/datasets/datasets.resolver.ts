import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { Runner } from '../runners/runner.entity.js';
import { Dataset } from './dataset.entity.js';
import { DatasetsService } from './datasets.service.js';

@Resolver(() => Dataset)
export class DatasetsResolver {
  constructor(private readonly datasetsService: DatasetsService) {}

  @Query(() => [Dataset])
  datasets(): Promise<Dataset[]> {
    return this.datasetsService.all();
  }

  @Query(() => Dataset, { nullable: true })
  dataset(@Arg('name', () => String) name: string): Promise<Dataset | null> {
    return this.datasetsService.byName(name);
  }

  @FieldResolver(() => [Runner])
  heldBy(@Root() dataset: Dataset, @Ctx() context: Context): Promise<Runner[]> {
    return this.datasetsService.holders(context, dataset.id);
  }
}

@Resolver(() => Runner)
export class RunnerDatasetsResolver {
  constructor(private readonly datasetsService: DatasetsService) {}

  @FieldResolver(() => [Dataset])
  datasets(@Root() runner: Runner, @Ctx() context: Context): Promise<Dataset[]> {
    return this.datasetsService.heldBy(context, runner.id);
  }
}
