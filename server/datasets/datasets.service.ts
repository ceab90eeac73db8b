import { type Context, inOrder } from '../context.js';
import type { Transaction } from '../database/transaction.js';
import { notFound, refusal } from '../graphql/errors.js';
import { notOneOf } from '../graphql/given.js';
import { isId } from '../graphql/ids.js';
import type { Runner } from '../runners/runner.entity.js';
import { difference } from './announcement.js';
import type { Dataset } from './dataset.entity.js';
import type { DatasetFacts } from './dataset-facts.types.js';
import type { DatasetInput } from './datasets.inputs.js';
import type { DatasetsRepository } from './datasets.repository.js';
import { checkDataset } from './datasets.validation.js';
import { type DatasetDescription, descriptionOf } from './description.js';

export class DatasetsService {
  constructor(private readonly repository: DatasetsRepository) {}

  all(): Promise<Dataset[]> {
    return this.repository.all();
  }

  byName(name: string, transaction?: Transaction): Promise<Dataset | null> {
    return this.repository.byName(name, transaction);
  }

  /** Finds a dataset by name or by id. @throws BAD_USER_INPUT unless exactly one of them is given */
  async find(name: string | null | undefined, id: string | null | undefined): Promise<Dataset | null> {
    if (typeof name === 'string' && typeof id !== 'string') return this.byName(name);
    if (typeof id !== 'string' || typeof name === 'string') throw notOneOf('dataset', { name, id });
    return isId(id) ? ((await this.byIds([id]))[0] ?? null) : null;
  }

  /** The dataset of a run. Every run has one, so this throws if it does not exist. */
  async byId(transaction: Transaction, id: string): Promise<Dataset> {
    const dataset = await this.repository.byId(transaction, id);
    if (!dataset) throw new Error(`a run names dataset ${id}, which is not stored`);
    return dataset;
  }

  byIds(ids: readonly string[]): Promise<Dataset[]> {
    return this.repository.byIds(ids);
  }

  /** The names of all datasets, for messages that list the valid choices. */
  async names(transaction?: Transaction): Promise<string[]> {
    return (await this.repository.all(transaction)).map(({ name }) => name);
  }

  /** The dataset of a run. Batched: one query loads the datasets of many runs. */
  async load(context: Context, id: string): Promise<Dataset> {
    const loader = context.loaders.of<Dataset>('datasets', async (ids) =>
      inOrder(ids, await this.repository.byIds(ids), (dataset) => dataset.id),
    );
    const dataset = await loader.load(id);
    if (!dataset) throw new Error(`a run names dataset ${id}, which is not stored`);
    return dataset;
  }

  /** What the dataset holds; null if no runner has counted. Batched. */
  async facts(context: Context, datasetId: string): Promise<DatasetFacts | null> {
    const loader = context.loaders.of<DatasetFacts | null>('datasets.facts', async (ids) => {
      const facts = await this.repository.facts(ids);
      return ids.map((id) => facts.get(id) ?? null);
    });
    return loader.load(datasetId);
  }

  async holders(context: Context, datasetId: string): Promise<Runner[]> {
    const loader = context.loaders.of<Runner[]>('datasets.holders', async (ids) => {
      const holders = await this.repository.holders(ids);
      return ids.map((id) => holders.get(id) ?? []);
    });
    return (await loader.load(datasetId)) ?? [];
  }

  async heldBy(context: Context, runnerId: string): Promise<Dataset[]> {
    const loader = context.loaders.of<Dataset[]>('datasets.heldBy', async (ids) => {
      const held = await this.repository.heldBy(ids);
      return ids.map((id) => held.get(id) ?? []);
    });
    return (await loader.load(runnerId)) ?? [];
  }

  /**
   * Stores which datasets a runner holds, replacing those that it announced before. A name stands for one content. The runner
   * that announced it may replace the content as long as nobody else relies on it: no run has used it, and no other runner
   * holds it. Otherwise, other content under the same name is a CONFLICT.
   */
  async announce(transaction: Transaction, runnerId: string, inputs: readonly DatasetInput[]): Promise<void> {
    for (const input of inputs) checkDataset(input);
    const twice = inputs.find(({ name }, index) => inputs.findIndex((other) => other.name === name) !== index);
    if (twice) throw refusal('DATASET_TWICE', { name: twice.name });
    const ids: string[] = [];
    // In the same order for every runner, so that two runners that announce the same datasets do not deadlock.
    for (const input of [...inputs].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const description = descriptionOf(input);
      const known = await this.repository.insertOrLock(transaction, description, runnerId);
      const differs = difference(known, description);
      if (differs) {
        await this.requireReplaceable(transaction, known, runnerId, differs);
        await this.repository.update(transaction, known.id, { ...description, announcedBy: runnerId });
      } else await this.updateCounts(transaction, known, runnerId, input, description);
      ids.push(known.id);
    }
    await this.repository.replaceHeld(transaction, runnerId, ids);
  }

  /**
   * Lets this runner, and no other, replace a dataset that no run has used, at its next start. The others no longer hold it.
   * @throws NOT_FOUND; CONFLICT if a run has used the dataset
   */
  transfer(name: string, runnerId: string): Promise<Dataset> {
    return this.repository.inTransaction(async (transaction) => {
      const known = await this.repository.lock(transaction, name);
      if (!known) throw notFound('dataset', name);
      if (!isId(runnerId) || !(await this.repository.lockRunner(transaction, runnerId))) {
        throw notFound('runner', runnerId);
      }
      if (await this.repository.isUsed(transaction, known.id)) {
        throw refusal('DATASET_USED', { name });
      }
      await this.repository.update(transaction, known.id, { announcedBy: runnerId });
      await this.repository.forgetOtherHolders(transaction, known.id, runnerId);
      return { ...known, announcedBy: runnerId };
    });
  }

  /**
   * Updates what the dataset holds and what looks wrong with it, if this runner has looked: its version may find something else in
   * the same content. Of several runners, the one that announced the dataset counts, unless nothing is known yet.
   */
  private async updateCounts(
    transaction: Transaction,
    known: Dataset,
    runnerId: string,
    input: DatasetInput,
    { warnings, facts }: DatasetDescription,
  ): Promise<void> {
    const isIts = known.announcedBy === null || known.announcedBy === runnerId;
    const change: Partial<Dataset> = {};
    if (isIts) change.announcedBy = runnerId;
    const counts = isIts || (facts !== null && !(await this.repository.hasFacts(transaction, known.id)));
    if (counts && input.warnings) change.warnings = warnings;
    if (counts && facts) change.facts = facts;
    if (Object.keys(change).length > 0) await this.repository.update(transaction, known.id, change);
  }

  private async requireReplaceable(transaction: Transaction, known: Dataset, runnerId: string, differs: string) {
    const which = { name: known.name, differences: differs };
    if (await this.repository.isUsed(transaction, known.id)) throw refusal('DATASET_DIFFERS_USED', which);
    const holders = await this.repository.otherHolders(transaction, known.id, runnerId);
    if (holders.length > 0) {
      throw refusal('DATASET_DIFFERS_HELD', { ...which, runners: holders.map(({ name }) => name) });
    }
    if (known.announcedBy !== null && known.announcedBy !== runnerId) {
      throw refusal('DATASET_DIFFERS_TRANSFERRED', which);
    }
  }
}
