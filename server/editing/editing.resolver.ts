import { Arg, Args, Ctx, FieldResolver, Float, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import { Account } from '../accounts/account.entity.js';
import type { AccountsService } from '../accounts/accounts.service.js';
import { noteChanges } from '../audit/changes.js';
import { accountOf } from '../auth/principal.js';
import type { Context } from '../context.js';
import { Run } from '../runs/run.entity.js';
import type { RunsService } from '../runs/runs.service.js';
import { Study } from '../studies/study.entity.js';
import { Edit } from './edit.entity.js';
import { ChangedRuns, RunSelection, UpdateRunInput, UpdateStudyInput } from './editing.inputs.js';
import type { EditsService } from './edits.service.js';
import type { RunEditingService } from './run-editing.service.js';
import type { StudyEditingService } from './study-editing.service.js';

@Resolver()
export class EditingResolver {
  constructor(
    private readonly services: {
      runEditing: RunEditingService;
      studyEditing: StudyEditingService;
    },
  ) {}

  @Mutation(() => Run, {
    description:
      'Changes the name, tags, notes or priority of a run, or archives it. `Run.edits` keeps who changed what.',
  })
  async updateRun(
    @Arg('id', () => ID, { description: 'Run to change. NOT_FOUND if it does not exist.' }) id: string,
    @Arg('input', () => UpdateRunInput, { description: 'What to change.' }) input: UpdateRunInput,
    @Ctx() context: Context,
  ): Promise<Run> {
    const { accountId } = accountOf(context.principal);
    const { run, changes } = await this.services.runEditing.update(id, input, accountId);
    noteChanges(context, changes);
    return run;
  }

  @Mutation(() => ChangedRuns, {
    description:
      'Changes all runs that a filter matches, at most 1,000, in one transaction. Runs that cannot be changed are returned ' +
      'in `refused`.',
  })
  async updateRuns(
    @Args(() => RunSelection) selection: RunSelection,
    @Arg('input', () => UpdateRunInput, { description: 'What to change about each of them.' }) input: UpdateRunInput,
    @Ctx() context: Context,
  ): Promise<ChangedRuns> {
    const { accountId } = accountOf(context.principal);
    const { result, changes } = await this.services.runEditing.updateAll(selection, input, accountId);
    noteChanges(context, changes);
    return result;
  }

  @Mutation(() => ChangedRuns, {
    description:
      'Cancels all runs that a filter matches, as `cancelRun` does, at most 1,000, in one transaction. COMPLETED and FAILED ' +
      'ones are returned in `refused`.',
  })
  cancelRuns(@Args(() => RunSelection) selection: RunSelection): Promise<ChangedRuns> {
    return this.services.runEditing.cancelAll(selection);
  }

  @Mutation(() => ChangedRuns, {
    description:
      'Queues all runs that a filter matches again, as `retryRun` does, at most 1,000, in one transaction. Those that are ' +
      'neither FAILED nor CANCELED are returned in `refused`.',
  })
  retryRuns(
    @Args(() => RunSelection) selection: RunSelection,
    @Arg('maxHours', () => Float, {
      nullable: true,
      description: 'New value of `training.maxHours` in their configurations. By default, they do not change.',
    })
    maxHours: number | null,
  ): Promise<ChangedRuns> {
    return this.services.runEditing.retryAll(selection, maxHours ?? null);
  }

  @Mutation(() => ChangedRuns, {
    description:
      'Deletes all runs that a filter matches with all their results, at most 1,000, in one transaction. RUNNING and ' +
      'CANCELING ones are returned in `refused`.',
  })
  deleteRuns(@Args(() => RunSelection) selection: RunSelection): Promise<ChangedRuns> {
    return this.services.runEditing.deleteAll(selection);
  }

  @Mutation(() => Study, {
    description:
      'Changes the name, tags, notes or baseline of a study, or archives it. `Study.edits` keeps who changed what.',
  })
  async updateStudy(
    @Arg('id', () => ID, { description: 'Study to change. NOT_FOUND if it does not exist.' }) id: string,
    @Arg('input', () => UpdateStudyInput, { description: 'What to change.' }) input: UpdateStudyInput,
    @Ctx() context: Context,
  ): Promise<Study> {
    const { accountId } = accountOf(context.principal);
    const { study, changes } = await this.services.studyEditing.update(id, input, accountId);
    noteChanges(context, changes);
    return study;
  }
}

const EDITS = 'Who changed what, newest first.';
const FIRST = { defaultValue: 20, description: 'Page size, from 1 to 100.' };
const BEFORE = {
  nullable: true,
  description: 'Return only edits before the one with this id, the last of the previous page; null: the newest.',
};

@Resolver(() => Run)
export class RunEditsResolver {
  constructor(
    private readonly services: {
      edits: EditsService;
    },
  ) {}

  @FieldResolver(() => [Edit], { description: EDITS })
  edits(
    @Root() run: Run,
    @Arg('first', () => Int, FIRST) first: number,
    @Arg('before', () => ID, BEFORE) before: string | null,
    @Ctx() context: Context,
  ): Promise<Edit[]> {
    return this.services.edits.load(context, 'run', run.id, first, before ?? null);
  }
}

@Resolver(() => Study)
export class StudyEditsResolver {
  constructor(
    private readonly services: {
      edits: EditsService;
      runs: RunsService;
    },
  ) {}

  @FieldResolver(() => [Edit], { description: EDITS })
  edits(
    @Root() study: Study,
    @Arg('first', () => Int, FIRST) first: number,
    @Arg('before', () => ID, BEFORE) before: string | null,
    @Ctx() context: Context,
  ): Promise<Edit[]> {
    return this.services.edits.load(context, 'study', study.id, first, before ?? null);
  }

  @FieldResolver(() => Run, {
    nullable: true,
    description:
      'Run of the study that the others are compared with, set by `updateStudy`; null if there is none, or if it was deleted.',
  })
  async baseline(@Root() { baselineId }: Study, @Ctx() context: Context): Promise<Run | null> {
    return baselineId ? this.services.runs.load(context, baselineId) : null;
  }
}

@Resolver(() => Edit)
export class EditResolver {
  constructor(
    private readonly services: {
      accounts: AccountsService;
    },
  ) {}

  @FieldResolver(() => Account, { description: 'Account that made the change.' })
  async account(@Root() { accountId }: Edit, @Ctx() context: Context): Promise<Account> {
    return (await this.services.accounts.load(context, accountId))!;
  }
}
