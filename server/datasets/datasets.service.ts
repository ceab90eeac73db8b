import { type Context, inOrder } from '../context.js';
import type { Transaction } from '../database/transaction.js';
import { badUserInput, conflict } from '../graphql/errors.js';
import type { Runner } from '../runners/runner.entity.js';
import type { Dataset } from './dataset.entity.js';
import type { DatasetInput } from './datasets.inputs.js';
import type { DatasetsRepository } from './datasets.repository.js';
import { checkDataset } from './datasets.validation.js';

export class DatasetsService {
  constructor(private readonly repository: DatasetsRepository) {}

  all(): Promise<Dataset[]> {
    return this.repository.all();
  }

  byName(name: string): Promise<Dataset | null> {
    return this.repository.byName(name);
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
  async names(): Promise<string[]> {
    return (await this.repository.all()).map(({ name }) => name);
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
   * Stores which datasets a runner holds, replacing those that it announced before. A name identifies one content: once a
   * run has used the dataset, other content under the same name is a CONFLICT, because the run's results would no longer
   * belong to the dataset that it names.
   */
  async announce(transaction: Transaction, runnerId: string, inputs: readonly DatasetInput[]): Promise<void> {
    for (const input of inputs) checkDataset(input);
    const twice = inputs.find(({ name }, index) => inputs.findIndex((other) => other.name === name) !== index);
    if (twice) throw badUserInput(`dataset "${twice.name}" is announced twice; names must be unique`);
    const ids: string[] = [];
    // In the same order for every runner, so that two runners that announce the same datasets do not deadlock.
    for (const input of [...inputs].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const known = await this.repository.insertOrLock(transaction, input);
      if (known.fingerprint !== input.fingerprint) {
        await this.refuseIfUsed(transaction, known, input);
        await this.repository.replace(transaction, known.id, input);
      }
      ids.push(known.id);
    }
    await this.repository.replaceHeld(transaction, runnerId, ids);
  }

  private async refuseIfUsed(transaction: Transaction, known: Dataset, input: DatasetInput): Promise<void> {
    if (!(await this.repository.isUsed(transaction, known.id))) return;
    throw conflict(
      `runs have used dataset "${input.name}" with fingerprint ${known.fingerprint}, but this runner has other content ` +
        `under that name, with fingerprint ${input.fingerprint}; give it another name`,
    );
  }
}
