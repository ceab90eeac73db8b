import type { DataSource } from 'typeorm';
import { EntityReader } from '../database/entity-reader.js';
import { inTransaction, type Transaction } from '../database/transaction.js';
import { Runner } from '../runners/runner.entity.js';
import { Dataset } from './dataset.entity.js';
import type { DatasetFacts } from './dataset-facts.types.js';
import type { DatasetDescription } from './description.js';

interface HeldPair {
  runnerId: string;
  datasetId: string;
}

export class DatasetsRepository {
  private readonly reader: EntityReader<Dataset>;

  constructor(private readonly dataSource: DataSource) {
    this.reader = new EntityReader(dataSource, Dataset, 'dataset');
  }

  inTransaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return inTransaction(this.dataSource, work);
  }

  all(transaction: Transaction = this.dataSource.manager): Promise<Dataset[]> {
    return transaction.getRepository(Dataset).find({ order: { name: 'ASC' } });
  }

  byName(name: string, transaction: Transaction = this.dataSource.manager): Promise<Dataset | null> {
    return transaction.getRepository(Dataset).findOneBy({ name });
  }

  byId(transaction: Transaction, id: string): Promise<Dataset | null> {
    return transaction.getRepository(Dataset).findOneBy({ id });
  }

  byIds(ids: readonly string[]): Promise<Dataset[]> {
    return this.reader.find('datasetsByIds', 'FROM datasets dataset WHERE dataset.id = ANY ($1)', [ids]);
  }

  /** What each dataset holds, as far as it is known. */
  async facts(datasetIds: readonly string[]): Promise<Map<string, DatasetFacts>> {
    const rows = await this.dataSource.query<{ id: string; facts: DatasetFacts }[]>(
      '/* datasetFacts */ SELECT id, facts FROM datasets WHERE id = ANY ($1) AND facts IS NOT NULL',
      [datasetIds],
    );
    return new Map(rows.map(({ id, facts }) => [id, facts]));
  }

  async hasFacts(transaction: Transaction, id: string): Promise<boolean> {
    const rows = await transaction.query<unknown[]>(
      '/* hasFacts */ SELECT FROM datasets WHERE id = $1 AND facts IS NOT NULL',
      [id],
    );
    return rows.length > 0;
  }

  /** The runners that hold each dataset, by name. */
  async holders(datasetIds: readonly string[]): Promise<Map<string, Runner[]>> {
    const held = await this.pairs('held.dataset_id', datasetIds);
    const runners = await this.dataSource
      .createQueryBuilder(Runner, 'runner')
      .where('runner.id = ANY(:ids)', { ids: held.map(({ runnerId }) => runnerId) })
      .orderBy('runner.name')
      .getMany();
    const isHeld = heldBy(held);
    return new Map(datasetIds.map((id) => [id, runners.filter((runner) => isHeld(id, runner.id))]));
  }

  /** The datasets that each runner holds, by name. */
  async heldBy(runnerIds: readonly string[]): Promise<Map<string, Dataset[]>> {
    const held = await this.pairs('held.runner_id', runnerIds);
    const datasets = await this.byIds(held.map(({ datasetId }) => datasetId));
    datasets.sort((a, b) => a.name.localeCompare(b.name));
    const isHeld = heldBy(held);
    return new Map(runnerIds.map((id) => [id, datasets.filter((dataset) => isHeld(dataset.id, id))]));
  }

  /** Inserts the dataset unless its name is already stored, then locks and returns the dataset of that name. */
  async insertOrLock(transaction: Transaction, description: DatasetDescription, runnerId: string): Promise<Dataset> {
    const row = { ...description, announcedBy: runnerId };
    await transaction.createQueryBuilder().insert().into(Dataset).values(row).orIgnore().execute();
    return (await this.lock(transaction, description.name))!;
  }

  lock(transaction: Transaction, name: string): Promise<Dataset | null> {
    return transaction.getRepository(Dataset).findOne({ where: { name }, lock: { mode: 'pessimistic_write' } });
  }

  async update(transaction: Transaction, id: string, change: Partial<Dataset>): Promise<void> {
    await transaction.getRepository(Dataset).update({ id }, change);
  }

  /** The runners, other than this one, that hold the dataset, by name. */
  otherHolders(transaction: Transaction, id: string, runnerId: string): Promise<Runner[]> {
    return transaction
      .createQueryBuilder(Runner, 'runner')
      .where('runner.id <> :runnerId', { runnerId })
      .andWhere('runner.id IN (SELECT held.runner_id FROM runner_datasets held WHERE held.dataset_id = :id)', { id })
      .orderBy('runner.name')
      .getMany();
  }

  /** Whether the runner exists. Keeps it from being removed until the transaction ends. */
  async lockRunner(transaction: Transaction, id: string): Promise<boolean> {
    return (await transaction.query('/* lockRunner */ SELECT FROM runners WHERE id = $1 FOR SHARE', [id])).length > 0;
  }

  /** Makes all runners but this one forget the dataset. */
  async forgetOtherHolders(transaction: Transaction, id: string, runnerId: string): Promise<void> {
    await transaction.query(
      '/* forgetOtherHolders */ DELETE FROM runner_datasets WHERE dataset_id = $1 AND runner_id <> $2',
      [id, runnerId],
    );
  }

  async isUsed(transaction: Transaction, id: string): Promise<boolean> {
    const [row] = await transaction.query<{ used: boolean }[]>(
      '/* datasetIsUsed */ SELECT EXISTS (SELECT FROM runs WHERE dataset_id = $1) AS used',
      [id],
    );
    return row!.used;
  }

  /** Replaces what the runner holds. A dataset that it no longer announces belongs to nobody. */
  async replaceHeld(transaction: Transaction, runnerId: string, datasetIds: string[]): Promise<void> {
    await transaction.query(
      '/* dropHeld */ DELETE FROM runner_datasets WHERE runner_id = $1 AND dataset_id <> ALL ($2)',
      [runnerId, datasetIds],
    );
    await transaction.query(
      '/* giveUpDatasets */ UPDATE datasets SET announced_by = NULL WHERE announced_by = $1 AND id <> ALL ($2)',
      [runnerId, datasetIds],
    );
    await transaction.query(
      `/* addHeld */ INSERT INTO runner_datasets (runner_id, dataset_id)
       SELECT $1, id FROM unnest($2::uuid[]) AS id ON CONFLICT DO NOTHING`,
      [runnerId, datasetIds],
    );
  }

  private pairs(column: string, ids: readonly string[]): Promise<HeldPair[]> {
    return this.dataSource.query(
      `/* heldPairs */ SELECT held.runner_id AS "runnerId", held.dataset_id AS "datasetId"
       FROM runner_datasets held WHERE ${column} = ANY ($1)`,
      [ids],
    );
  }
}

/** Whether a dataset is held by a runner. */
function heldBy(pairs: readonly HeldPair[]): (datasetId: string, runnerId: string) => boolean {
  const known = new Set(pairs.map(({ datasetId, runnerId }) => `${datasetId} ${runnerId}`));
  return (datasetId, runnerId) => known.has(`${datasetId} ${runnerId}`);
}
