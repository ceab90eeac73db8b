import { Arg, Ctx, FieldResolver, Float, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { METHOD_LABELS, type MethodName, runConfigJsonSchema, splitLabel } from '../../schema/run-config.js';
import { unlabelledListOf } from '../../schema/split-config.js';
import type { Context } from '../context.js';
import { Dataset } from '../datasets/dataset.entity.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import { type Connection, connectionOf } from '../graphql/connection.js';
import { GraphQLJSONObject } from '../graphql/scalars.js';
import { Run } from './run.entity.js';
import { CreateRunInput, RunFilter, RunOrder } from './runs.inputs.js';
import type { RunsService } from './runs.service.js';

export const RunConnection = connectionOf(Run, 'Run');

@Resolver(() => Run)
export class RunsResolver {
  constructor(
    private readonly services: {
      runs: RunsService;
      datasets: DatasetsService;
    },
  ) {}

  @Query(() => RunConnection)
  runs(
    @Arg('filter', () => RunFilter, { nullable: true }) filter: RunFilter | null,
    @Arg('orderBy', () => RunOrder, { nullable: true, description: 'Default: newest first.' }) orderBy: RunOrder | null,
    @Arg('first', () => Int, { defaultValue: 25, description: 'At most 100.' }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<Connection<Run>> {
    return this.services.runs.page({ filter, orderBy, first, after });
  }

  @Query(() => Run, { nullable: true, description: 'By id or by number: give exactly one of them.' })
  run(
    @Arg('id', () => ID, { nullable: true }) id: string | null,
    @Arg('number', () => Int, { nullable: true }) number: number | null,
  ): Promise<Run | null> {
    return this.services.runs.find(id, number);
  }

  @Query(() => GraphQLJSONObject, { description: "JSON Schema of a run's configuration, with defaults." })
  runConfigSchema(): Record<string, unknown> {
    return runConfigJsonSchema();
  }

  @FieldResolver(() => String)
  methodLabel(@Root() run: Run): string {
    return METHOD_LABELS[run.method as MethodName] ?? run.method;
  }

  @FieldResolver(() => String, {
    description: 'What people call the labelled split: "1/16", "22 images", "list labeled_1-16". See also splitHash.',
  })
  splitLabel(@Root() { config }: Run): string {
    return splitLabel(config.split);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The list file that names the unlabelled images; null where all others are unlabelled.',
  })
  unlabelledList(@Root() { config }: Run): string | null {
    return unlabelledListOf(config.split);
  }

  @FieldResolver(() => Float, { nullable: true, description: 'null for splits by number and by list.' })
  labelledRatio(@Root() { config }: Run): number | null {
    return 'labelledRatio' in config.split ? config.split.labelledRatio : null;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Labelled training images; null until a runner has drawn them, unless the split says how many.',
  })
  labelledImages(@Root() { config, setup }: Run): number | null {
    return setup?.labelledImages ?? ('labelledImages' in config.split ? config.split.labelledImages : null);
  }

  @FieldResolver(() => Dataset)
  dataset(@Root() run: Run, @Ctx() context: Context): Promise<Dataset> {
    return this.services.datasets.load(context, run.datasetId);
  }

  @Mutation(() => Run)
  createRun(@Arg('input', () => CreateRunInput) input: CreateRunInput): Promise<Run> {
    return this.services.runs.create(input);
  }

  @Mutation(() => Run, { description: 'A waiting run at once; one that trains when its runner has wound down.' })
  cancelRun(@Arg('id', () => ID) id: string): Promise<Run> {
    return this.services.runs.cancel(id);
  }

  @Mutation(() => Run, { description: 'Queues a FAILED or CANCELED run again; it goes on from its last checkpoint.' })
  retryRun(@Arg('id', () => ID) id: string): Promise<Run> {
    return this.services.runs.retry(id);
  }

  @Mutation(() => ID, { description: 'With all its results; refused while a runner trains it.' })
  deleteRun(@Arg('id', () => ID) id: string): Promise<string> {
    return this.services.runs.delete(id);
  }
}
