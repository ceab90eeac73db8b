import { Arg, Args, Ctx, FieldResolver, Float, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import {
  METHOD_LABELS,
  type MethodName,
  type RunConfig,
  runConfigJsonSchema,
  splitLabel,
} from '../../schema/run-config.js';
import { unlabelledListOf } from '../../schema/split-config.js';
import { Account } from '../accounts/account.entity.js';
import type { AccountsService } from '../accounts/accounts.service.js';
import { accountOf } from '../auth/principal.js';
import type { Context } from '../context.js';
import { Dataset } from '../datasets/dataset.entity.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import { type Connection, connectionOf } from '../graphql/connection.js';
import { GraphQLJSONObject } from '../graphql/scalars.js';
import type { RunLists } from './order/run-lists.service.js';
import { Run } from './run.entity.js';
import type { RunCreationService } from './run-creation.service.js';
import { CreateRunInput, RunListArgs } from './runs.inputs.js';
import type { RunsService } from './runs.service.js';

export const RunConnection = connectionOf(Run, 'Run');

/** Without parsing the rest of the configuration, if that was not done before. */
const splitOf = (run: Run): RunConfig['split'] => run.split ?? run.config.split;

@Resolver(() => Run)
export class RunsResolver {
  constructor(
    private readonly services: {
      runs: RunsService;
      runLists: RunLists;
      runCreation: RunCreationService;
      datasets: DatasetsService;
      accounts: AccountsService;
    },
  ) {}

  @Query(() => RunConnection, { description: 'Runs that meet the filter.' })
  runs(@Args(() => RunListArgs) args: RunListArgs): Promise<Connection<Run>> {
    return this.services.runLists.page(args);
  }

  @Query(() => Run, {
    nullable: true,
    description: 'One run, by its id or by its number; null if there is none. Give exactly one of the two.',
  })
  run(
    @Arg('id', () => ID, { nullable: true, description: 'UUID of the run, as in `Run.id`.' }) id: string | null,
    @Arg('number', () => Int, { nullable: true, description: 'Number of the run on this server.' }) number:
      | number
      | null,
  ): Promise<Run | null> {
    return this.services.runs.find(id, number);
  }

  @Query(() => GraphQLJSONObject, {
    description: 'JSON Schema (draft 2020-12) of a run configuration. Settings that have a default are optional.',
  })
  runConfigSchema(): Record<string, unknown> {
    return runConfigJsonSchema();
  }

  @FieldResolver(() => String, { description: 'Display name of the method, such as "CPS + CutMix".' })
  methodLabel(@Root() run: Run): string {
    return METHOD_LABELS[run.method as MethodName] ?? run.method;
  }

  @FieldResolver(() => String, {
    description:
      'Short name of the labelled split, such as "1/16", "22 images" or "list labeled_1-16". ' +
      'Different splits can have the same label; `splitHash` tells them apart.',
  })
  splitLabel(@Root() run: Run): string {
    return splitLabel(splitOf(run));
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'List file that names the unlabelled images; null if all other training images are unlabelled.',
  })
  unlabelledList(@Root() run: Run): string | null {
    return unlabelledListOf(splitOf(run));
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'Share of the training images that are labelled, in (0, 1]; ' +
      'null if the split is a number of images or a list.',
  })
  labelledRatio(@Root() run: Run): number | null {
    const split = splitOf(run);
    return 'labelledRatio' in split ? split.labelledRatio : null;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'Number of labelled training images; null until a runner has set ' +
      'up the run, unless the split is a number of images.',
  })
  labelledImages(@Root() run: Run): number | null {
    const split = splitOf(run);
    return run.setup?.labelledImages ?? ('labelledImages' in split ? split.labelledImages : null);
  }

  @FieldResolver(() => Dataset, { description: 'Dataset that the run is trained and evaluated on.' })
  dataset(@Root() run: Run, @Ctx() context: Context): Promise<Dataset> {
    return this.services.datasets.load(context, run.datasetId);
  }

  @FieldResolver(() => Account, {
    nullable: true,
    description: 'Account that queued the run; null if that was before there were accounts.',
  })
  async author(@Root() { authorId }: Run, @Ctx() context: Context): Promise<Account | null> {
    return authorId ? this.services.accounts.load(context, authorId) : null;
  }

  @Mutation(() => Run, { description: 'Queues a run. BAD_USER_INPUT lists every problem in the configuration.' })
  createRun(
    @Arg('input', () => CreateRunInput, { description: 'Configuration of the run, and its place in the queue.' })
    input: CreateRunInput,
    @Ctx() { principal }: Context,
  ): Promise<Run> {
    return this.services.runCreation.create(input, accountOf(principal).accountId);
  }

  @Mutation(() => Run, {
    description:
      'Cancels a run. A QUEUED run is CANCELED at once; a RUNNING one is CANCELING ' +
      'until its runner has stopped. CONFLICT if it is COMPLETED or FAILED.',
  })
  cancelRun(
    @Arg('id', () => ID, { description: 'Run to cancel. NOT_FOUND if it does not exist.' }) id: string,
  ): Promise<Run> {
    return this.services.runs.cancel(id);
  }

  @Mutation(() => Run, {
    description:
      'Queues a FAILED or CANCELED run again. It keeps its results and resumes ' +
      'from its newest checkpoint. CONFLICT in any other state.',
  })
  retryRun(
    @Arg('id', () => ID, { description: 'Run to retry. NOT_FOUND if it does not exist.' }) id: string,
    @Arg('maxHours', () => Float, {
      nullable: true,
      description:
        'New value of `training.maxHours` in the configuration of the run, for a run that has reached it. ' +
        'By default, the configuration does not change.',
    })
    maxHours: number | null,
    @Arg('copy', () => Boolean, {
      defaultValue: false,
      description:
        'Leaves the run as it is and queues a copy that starts from the beginning, in the same study and with the same tags. ' +
        'Its `parent` is the run.',
    })
    copy: boolean,
    @Ctx() { principal }: Context,
  ): Promise<Run> {
    const { runs, runCreation } = this.services;
    return copy
      ? runCreation.retryCopy(id, maxHours ?? null, accountOf(principal).accountId)
      : runs.retry(id, maxHours ?? null);
  }

  @Mutation(() => ID, {
    description: 'Deletes a run with all its results, and returns its id. CONFLICT while it is RUNNING or CANCELING.',
  })
  deleteRun(
    @Arg('id', () => ID, { description: 'Run to delete. NOT_FOUND if it does not exist.' }) id: string,
  ): Promise<string> {
    return this.services.runs.delete(id);
  }
}
