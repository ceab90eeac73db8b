import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { Runner } from '../runners/runner.entity.js';
import { Dataset } from './dataset.entity.js';
import type { DatasetsService } from './datasets.service.js';

@Resolver(() => Dataset)
export class DatasetsResolver {
  constructor(
    private readonly services: {
      datasets: DatasetsService;
    },
  ) {}

  @Query(() => [Dataset], { description: 'All datasets known to the server, by name.' })
  datasets(): Promise<Dataset[]> {
    return this.services.datasets.all();
  }

  @Query(() => Dataset, { nullable: true, description: 'The dataset with this name; null if there is none.' })
  dataset(
    @Arg('name', () => String, { description: 'Exact name of the dataset.' }) name: string,
  ): Promise<Dataset | null> {
    return this.services.datasets.byName(name);
  }

  @FieldResolver(() => [Runner], { description: 'Runners that hold the dataset, by name.' })
  heldBy(@Root() dataset: Dataset, @Ctx() context: Context): Promise<Runner[]> {
    return this.services.datasets.holders(context, dataset.id);
  }
}

@Resolver(() => Runner)
export class RunnerDatasetsResolver {
  constructor(
    private readonly services: {
      datasets: DatasetsService;
    },
  ) {}

  @FieldResolver(() => [Dataset], { description: 'Datasets that the runner holds, by name.' })
  datasets(@Root() runner: Runner, @Ctx() context: Context): Promise<Dataset[]> {
    return this.services.datasets.heldBy(context, runner.id);
  }
}
