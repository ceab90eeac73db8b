import type { Change } from '../audit/changes.js';
import { type Context, listsInOrder } from '../context.js';
import type { Transaction } from '../database/transaction.js';
import { checkPageSize } from '../graphql/connection.js';
import { refusal } from '../graphql/errors.js';
import type { Edit } from './edit.entity.js';
import type { Edited, EditsRepository } from './edits.repository.js';

/** The history of runs and studies: who changed what. */
export class EditsService {
  constructor(private readonly repository: EditsRepository) {}

  /** Stores changes of runs or of studies, within the caller's transaction. */
  async record(transaction: Transaction, kind: Edited, accountId: string, changes: readonly Change[]): Promise<void> {
    if (changes.length > 0) await this.repository.insert(transaction, kind, accountId, changes);
  }

  /** The newest edits of a run or study, or those before the edit `before`. Batched. @throws BAD_USER_INPUT */
  async load(context: Context, kind: Edited, id: string, first: number, before: string | null): Promise<Edit[]> {
    checkPageSize(first);
    if (before !== null && !/^\d{1,18}$/.test(before)) {
      throw refusal('NOT_AN_EDIT', { value: before });
    }
    const loader = context.loaders.of<Edit[]>(`edits ${kind} ${first} ${before}`, async (ids) => {
      const edits = await this.repository.of(kind, ids, first, before === null ? null : Number(before));
      return listsInOrder(ids, edits, ({ runId, studyId }) => (runId ?? studyId)!);
    });
    return (await loader.load(id))!;
  }
}
