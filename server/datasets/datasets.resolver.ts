import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { Runner } from '../runners/runner.entity.js';
import { Run } from '../runs/run.entity.js';
import { Dataset } from './dataset.entity.js';
import { DatasetsService } from './datasets.service.js';

@Resolver(() => Dataset)
export class DatasetsResolver {
  constructor(private readonly datasetsService: DatasetsService) {}

  @Query(() => [Dataset], { description: 'All datasets known to the server, by name.' })
  datasets(): Promise<Dataset[]> {
    return this.datasetsService.all();
  }

  @Query(() => Dataset, { nullable: true, description: 'The dataset with this name; null if there is none.' })
  dataset(
    @Arg('name', () => String, { description: 'Exact name of the dataset.' }) name: string,
  ): Promise<Dataset | null> {
    return this.datasetsService.byName(name);
  }

  @FieldResolver(() => [Runner], { description: 'Runners that hold the dataset, by name.' })
  heldBy(@Root() dataset: Dataset, @Ctx() context: Context): Promise<Runner[]> {
    return this.datasetsService.holders(context, dataset.id);
  }
}

@Resolver(() => Run)
export class RunDatasetResolver {
  constructor(private readonly datasetsService: DatasetsService) {}

  @FieldResolver(() => Dataset, { description: 'Dataset that the run is trained and evaluated on.' })
  dataset(@Root() run: Run, @Ctx() context: Context): Promise<Dataset> {
    return this.datasetsService.load(context, run.datasetId);
  }
}

@Resolver(() => Runner)
export class RunnerDatasetsResolver {
  constructor(private readonly datasetsService: DatasetsService) {}

  @FieldResolver(() => [Dataset], { description: 'Datasets that the runner holds, by name.' })
  datasets(@Root() runner: Runner, @Ctx() context: Context): Promise<Dataset[]> {
    return this.datasetsService.heldBy(context, runner.id);
  }
}
