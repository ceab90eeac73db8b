import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { Runner } from '../runners/runner.entity.js';
import type { RunnersService } from '../runners/runners.service.js';
import { Dataset } from './dataset.entity.js';
import { DatasetFacts } from './dataset-facts.types.js';
import type { DatasetsService } from './datasets.service.js';

@Resolver(() => Dataset)
export class DatasetsResolver {
  constructor(
    private readonly services: {
      datasets: DatasetsService;
      runners: RunnersService;
    },
  ) {}

  @Query(() => [Dataset], { description: 'All datasets known to the server, by name.' })
  datasets(): Promise<Dataset[]> {
    return this.services.datasets.all();
  }

  @Query(() => Dataset, {
    nullable: true,
    description: 'One dataset, by its name or by its id; null if there is none. Give exactly one of the two.',
  })
  dataset(
    @Arg('name', () => String, { nullable: true, description: 'Exact name of the dataset.' }) name: string | null,
    @Arg('id', () => ID, { nullable: true, description: 'UUID of the dataset, as in `Dataset.id`.' }) id: string | null,
  ): Promise<Dataset | null> {
    return this.services.datasets.find(name, id);
  }

  @FieldResolver(() => DatasetFacts, {
    nullable: true,
    description: 'What the dataset holds: pixels, images and components of each class. Null if no runner has counted.',
  })
  facts(@Root() dataset: Dataset, @Ctx() context: Context): Promise<DatasetFacts | null> {
    return this.services.datasets.facts(context, dataset.id);
  }

  @FieldResolver(() => [Runner], { description: 'Runners that hold the dataset, by name.' })
  heldBy(@Root() dataset: Dataset, @Ctx() context: Context): Promise<Runner[]> {
    return this.services.datasets.holders(context, dataset.id);
  }

  @FieldResolver(() => Runner, {
    nullable: true,
    description:
      'Runner that announced the dataset, and may announce other content until a run uses the dataset. Null if it ' +
      'has been removed or no longer announces the dataset.',
  })
  async announcedBy(@Root() { announcedBy }: Dataset, @Ctx() context: Context): Promise<Runner | null> {
    return announcedBy ? this.services.runners.load(context, announcedBy) : null;
  }

  @Mutation(() => Dataset, {
    description:
      'Lets one runner, and no other, announce other content for a dataset that no run has used. The runner does so at its ' +
      'next start. Other runners no longer hold the dataset. CONFLICT if a run has used it. Needs the role ADMIN.',
  })
  transferDataset(
    @Arg('name', () => String, { description: 'Exact name of the dataset. NOT_FOUND if there is none.' }) name: string,
    @Arg('runnerId', () => ID, { description: 'Runner that gets the dataset. NOT_FOUND if it does not exist.' })
    runnerId: string,
  ): Promise<Dataset> {
    return this.services.datasets.transfer(name, runnerId);
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
