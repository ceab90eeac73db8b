import { type DataSource, In, type SelectQueryBuilder } from 'typeorm';
import type { RunConfig } from '../../schema/run-config.js';
import { neededConfigVersion } from '../../schema/stored-config.js';
import { EntityReader } from '../database/entity-reader.js';
import type { Transaction } from '../database/transaction.js';
import type { SqlCondition } from './filter/filter-sql.js';
import { CHECKPOINT_IS_LATE } from './late-checkpoint.js';
import type { LineageKind } from './lineage-kind.js';
import { type EditedRun, Run, type RunState } from './run.entity.js';

export interface NewRun {
  name: string;
  studyId: string | null;
  /** The account that queues it. */
  authorId: string;
  config: RunConfig;
  datasetId: string;
  tags: string[];
  priority: number;
  /** Where it was copied from. */
  parentId?: string;
  parentNumber?: number;
  parentKind?: LineageKind;
}

export class RunsRepository {
  private readonly reader: EntityReader<Run>;

  constructor(private readonly dataSource: DataSource) {
    // A list needs the split of each run, but hardly ever the whole configuration.
    this.reader = new EntityReader(dataSource, Run, 'run', {
      parsedLater: ['config', 'setup'],
      more: { split: `run.config -> 'split'` },
    });
  }

  byId(id: string, transaction: Transaction = this.dataSource.manager): Promise<Run | null> {
    return transaction.getRepository(Run).findOneBy({ id });
  }

  byNumber(number: number): Promise<Run | null> {
    return this.dataSource.getRepository(Run).findOneBy({ number });
  }

  byIds(ids: readonly string[]): Promise<Run[]> {
    return this.reader.find('runsByIds', 'FROM runs run WHERE run.id = ANY ($1)', [ids]);
  }

  /** Those of the runs with these ids that meet the condition. */
  byIdsMeeting(
    ids: readonly string[],
    condition: SqlCondition,
    transaction: Transaction = this.dataSource.manager,
  ): Promise<Run[]> {
    const query = transaction.createQueryBuilder(Run, 'run').where('run.id = ANY(:ids)', { ids: [...ids] });
    return query.andWhere(condition.sql, condition.parameters).getMany();
  }

  async newestIds(studyId: string | null, most: number): Promise<string[]> {
    const runs = await this.dataSource.getRepository(Run).find({
      ...{ select: { id: true }, where: studyId ? { studyId } : {}, order: { number: 'DESC' }, take: most },
    });
    return runs.map(({ id }) => id);
  }

  /** Up to `first` children of each run, oldest first. */
  async childrenOf(ids: readonly string[], first: number): Promise<Run[]> {
    const children = `SELECT child.id FROM unnest(:ids::uuid[]) AS asked (id) CROSS JOIN LATERAL (
      SELECT id FROM runs WHERE parent_id = asked.id ORDER BY number LIMIT :first) child`;
    const query = this.dataSource.createQueryBuilder(Run, 'run').where(`run.id IN (${children})`, { ids, first });
    return query.orderBy('run.number').getMany();
  }

  lock(transaction: Transaction, id: string): Promise<Run | null> {
    return transaction.getRepository(Run).findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async withLateCheckpoint(ids: readonly string[]): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `/* withLateCheckpoint */ SELECT run.id FROM runs run WHERE run.id = ANY ($1) AND ${CHECKPOINT_IS_LATE}`,
      [ids],
    );
    return rows.map(({ id }) => id);
  }

  /** Inserts the runs in the given order, which is also their order in the queue. Returns their ids. */
  async insert(transaction: Transaction, runs: NewRun[]): Promise<string[]> {
    const rows = runs.map(({ config, ...run }) => ({
      ...run,
      config,
      neededConfigVersion: neededConfigVersion(config),
      method: config.method.name,
      backbone: config.network.backbone,
      seed: config.seed,
      pool: config.placement.pool,
      engine: config.placement.engine,
      iterations: config.training.iterations,
    }));
    const result = await transaction.createQueryBuilder().insert().into(Run).values(rows).execute();
    return result.identifiers.map(({ id }) => id as string);
  }

  /** Up to `limit` runs that meet the condition. */
  matching(condition: SqlCondition, limit: number): Promise<Run[]> {
    return this.selected(condition, limit, this.dataSource.manager).getMany();
  }

  /**
   * Locks up to `limit` runs that meet the condition, and returns them. After waiting for a lock, PostgreSQL checks the condition
   * again with the new row, but not with new rows of joined tables or subqueries
   * (https://www.postgresql.org/docs/current/transaction-iso.html). So a second statement checks it once the runs are locked.
   */
  async lockMatching(transaction: Transaction, condition: SqlCondition, limit: number): Promise<Run[]> {
    for (;;) {
      const locking = this.selected(condition, limit, transaction).setLock('pessimistic_write', undefined, ['run']);
      const locked = (await locking.getMany()).map(({ id }) => id);
      const runs = locked.length === 0 ? [] : await this.byIdsMeeting(locked, condition, transaction);
      // If the limit left out others, they take the places of those that no longer match.
      if (locked.length < limit || runs.length === limit) return runs;
    }
  }

  private selected(condition: SqlCondition, limit: number, transaction: Transaction): SelectQueryBuilder<Run> {
    const query = transaction.createQueryBuilder(Run, 'run').where(condition.sql, condition.parameters);
    // In one order for everybody, so that two that lock the same runs do not deadlock.
    return query.orderBy('run.id').limit(limit);
  }

  async update(transaction: Transaction, ids: string | readonly string[], change: Partial<Run>): Promise<void> {
    await transaction.getRepository(Run).update({ id: In([ids].flat()) }, change);
  }

  /** Replaces configurations. The settings that have columns of their own, such as the method, must stay the same. */
  async saveConfigs(transaction: Transaction, runs: readonly Pick<Run, 'id' | 'config'>[]): Promise<void> {
    const rows = runs.map(({ id, config }) => ({ id, config, version: neededConfigVersion(config) }));
    await transaction.query(
      `/* saveConfigs */ UPDATE runs SET config = changed.config, needed_config_version = changed.version
       FROM jsonb_to_recordset($1) AS changed (id uuid, config jsonb, version int) WHERE runs.id = changed.id`,
      [JSON.stringify(rows)],
    );
  }

  async saveEdited(transaction: Transaction, runs: readonly EditedRun[]): Promise<void> {
    await transaction.query(
      `/* saveEditedRuns */ UPDATE runs SET name = edited.name, tags = edited.tags, notes = edited.notes,
         priority = edited.priority, archived_at = edited."archivedAt"
       FROM jsonb_to_recordset($1)
         AS edited (id uuid, name text, tags text[], notes text, priority int, "archivedAt" timestamptz)
       WHERE runs.id = edited.id`,
      [JSON.stringify(runs)],
    );
  }

  /** Counts a change, and sets the step unless it is null. Returns the number of the change. */
  async countChange(transaction: Transaction, id: string, step: number | null): Promise<number> {
    const [[row]] = await transaction.query<[[{ changes: number }], number]>(
      '/* countChange */ UPDATE runs SET changes = changes + 1, step = coalesce($2, step) WHERE id = $1 RETURNING changes',
      [id, step],
    );
    return row.changes;
  }

  /** Sets the final state, and the time. No runner works on the run any more, so it has no phase. */
  async end(
    transaction: Transaction,
    ids: string | readonly string[],
    state: RunState,
    failure: string | null,
  ): Promise<void> {
    const change = { state, failure, phase: null, finishedAt: () => 'now()' };
    await transaction.getRepository(Run).update({ id: In([ids].flat()) }, change);
  }

  async delete(transaction: Transaction, ids: readonly string[]): Promise<void> {
    await transaction.getRepository(Run).delete({ id: In([...ids]) });
  }

  /** Number of queued runs in each pool. */
  queueDepth(): Promise<{ pool: string; runs: number }[]> {
    return this.dataSource.query(
      `/* queueDepth */ SELECT placement.pool, count(*)::int AS runs
       FROM runs JOIN placements placement ON placement.id = runs.placement_id
       WHERE runs.placement_id IS NOT NULL GROUP BY placement.pool`,
    );
  }
}
