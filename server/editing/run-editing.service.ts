import type { DataSource } from 'typeorm';
import type { Change } from '../audit/changes.js';
import { inTransaction, type Transaction } from '../database/transaction.js';
import { refusal } from '../graphql/errors.js';
import { whyNotCancel, whyNotDelete, whyNotRetry } from '../runs/possible-changes.js';
import type { Run } from '../runs/run.entity.js';
import { withMaxHours } from '../runs/run-config.validation.js';
import type { RunsService } from '../runs/runs.service.js';
import type { BulkService } from './bulk.service.js';
import type { ChangedRuns, RunSelection, UpdateRunInput } from './editing.inputs.js';
import type { EditsService } from './edits.service.js';
import { type CheckedRunInput, checkRunInput, editOf } from './run-input.js';

/** Edits of runs, one by one or by filter. */
export class RunEditingService {
  constructor(
    private readonly deps: {
      dataSource: DataSource;
      runs: RunsService;
      edits: EditsService;
      bulk: BulkService;
    },
  ) {}

  /** @throws BAD_USER_INPUT, NOT_FOUND; CONFLICT if the state of the run does not allow the change */
  async update(id: string, given: UpdateRunInput, accountId: string): Promise<{ run: Run; changes: Change[] }> {
    const input = checkRunInput(given);
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const run = await this.deps.runs.lock(transaction, id);
      const edit = editOf(run, input, new Date());
      if ('refusal' in edit) throw edit.refusal;
      const changes = await this.save(transaction, [run], input, accountId);
      return { run: (await this.deps.runs.byId(run.id, transaction))!, changes };
    });
  }

  /** Changes all runs that the filter matches. Each change is in the history of its run. */
  async updateAll(
    selection: RunSelection,
    given: UpdateRunInput,
    accountId: string,
  ): Promise<{ result: ChangedRuns; changes: Change[] }> {
    const input = checkRunInput(given);
    if (input.name !== undefined) throw refusal('NAME_OF_MANY');
    let changes: Change[] = [];
    const result = await this.deps.bulk.change(selection, {
      refusal: (run) => {
        const edit = editOf(run, input, new Date());
        return 'refusal' in edit ? edit.refusal.message : null;
      },
      apply: async (transaction, runs) => {
        changes = await this.save(transaction, runs, input, accountId);
      },
    });
    return { result, changes };
  }

  cancelAll(selection: RunSelection): Promise<ChangedRuns> {
    return this.deps.bulk.change(selection, {
      refusal: (run) => whyNotCancel(run)?.message ?? null,
      apply: (transaction, runs) => this.deps.runs.cancelLocked(transaction, runs),
    });
  }

  retryAll(selection: RunSelection, maxHours: number | null): Promise<ChangedRuns> {
    return this.deps.bulk.change(selection, {
      refusal: (run) => whyNotRetry(run)?.message ?? null,
      check: (runs) => {
        if (maxHours === null) return;
        for (const { config } of runs) withMaxHours(config, maxHours);
      },
      apply: (transaction, runs) => this.deps.runs.retryLocked(transaction, runs, maxHours),
    });
  }

  deleteAll(selection: RunSelection): Promise<ChangedRuns> {
    return this.deps.bulk.change(selection, {
      refusal: (run) => whyNotDelete(run)?.message ?? null,
      apply: (transaction, runs) => this.deps.runs.deleteLocked(transaction, runs),
    });
  }

  /** Stores the edits of locked runs, none of which is refused, and their history. */
  private async save(
    transaction: Transaction,
    runs: Run[],
    input: CheckedRunInput,
    accountId: string,
  ): Promise<Change[]> {
    const now = new Date();
    const edits = runs.flatMap((run) => {
      const edit = editOf(run, input, now);
      return 'refusal' in edit || edit.changes.length === 0 ? [] : [edit];
    });
    const changes = edits.flatMap((edit) => edit.changes);
    await this.deps.runs.saveEdited(
      transaction,
      edits.map(({ run }) => run),
    );
    await this.deps.edits.record(transaction, 'run', accountId, changes);
    return changes;
  }
}
