import type { DataSource } from 'typeorm';
import { inTransaction, type Transaction } from '../database/transaction.js';
import { refusal } from '../graphql/errors.js';
import type { RunFilters } from '../runs/filter/run-filters.js';
import type { Run } from '../runs/run.entity.js';
import type { RunsService } from '../runs/runs.service.js';
import type { ChangedRuns, RunSelection } from './editing.inputs.js';

/** How many runs one mutation changes at most, and how many numbers it returns. */
export const MOST_RUNS = 1000;
const MOST_NUMBERS = 100;

/** What to do with many runs. */
export interface BulkOperation {
  /** Why it cannot be done with this run; null if it can. */
  refusal(run: Run): string | null;
  /** Throws what `apply` would throw for these runs. For a dry run, which applies nothing. */
  check?(runs: readonly Run[]): void;
  /** Does it with all of the runs, which are locked. */
  apply(transaction: Transaction, runs: Run[]): Promise<void>;
}

/** Changes all runs that a filter matches, in one transaction. */
export class BulkService {
  constructor(
    private readonly deps: {
      dataSource: DataSource;
      runs: RunsService;
      filters: RunFilters;
    },
  ) {}

  /**
   * Runs that cannot be changed are named in the result, and stay as they are.
   * @throws BAD_USER_INPUT for a filter that is missing, not valid, or matches too many runs; CONFLICT if it does not match as many
   *   as expected
   */
  async change(selection: RunSelection, operation: BulkOperation): Promise<ChangedRuns> {
    const { where, query, dryRun, expectedCount } = selection;
    if (!where && !query?.trim()) throw refusal('SELECTION_MISSING');
    const condition = await this.deps.filters.condition({ where, query });
    const matching = async (transaction?: Transaction): Promise<Sorted> => {
      const runs = await this.deps.runs.matching(condition!, MOST_RUNS + 1, transaction);
      checkCount(runs.length, expectedCount ?? null);
      return sorted(runs, operation);
    };
    if (dryRun) {
      const found = await matching();
      operation.check?.(found.possible);
      return resultOf(found, true);
    }
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const found = await matching(transaction);
      if (found.possible.length > 0) await operation.apply(transaction, found.possible);
      return resultOf(found, false);
    });
  }
}

interface Sorted {
  possible: Run[];
  refused: ChangedRuns['refused'];
}

function checkCount(count: number, expected: number | null): void {
  const more = count > MOST_RUNS;
  // Of more, only some were read, so it is not known whether a larger number is right. They are too many anyway.
  const isUnknown = more && expected !== null && expected > MOST_RUNS;
  if (expected !== null && !isUnknown && count !== expected) {
    const found = more ? `more than ${MOST_RUNS} runs` : `${count} runs`;
    throw refusal('COUNT_UNEXPECTED', { found, expected });
  }
  if (!more) return;
  throw refusal('SELECTION_TOO_LARGE', { most: MOST_RUNS });
}

function sorted(runs: Run[], operation: BulkOperation): Sorted {
  const found: Sorted = { possible: [], refused: [] };
  for (const run of [...runs].sort((a, b) => a.number - b.number)) {
    const reason = operation.refusal(run);
    if (reason === null) found.possible.push(run);
    else found.refused.push({ id: run.id, number: run.number, reason });
  }
  return found;
}

function resultOf({ possible, refused }: Sorted, dryRun: boolean): ChangedRuns {
  return {
    dryRun,
    matched: possible.length + refused.length,
    changed: possible.length,
    numbers: possible.slice(0, MOST_NUMBERS).map(({ number }) => number),
    refused,
    ids: dryRun ? [] : possible.map(({ id }) => id),
  };
}
