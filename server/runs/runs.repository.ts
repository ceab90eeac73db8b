import type { DataSource, SelectQueryBuilder } from 'typeorm';
import type { RunConfig } from '../../schema/run-config.js';
import { neededConfigVersion } from '../../schema/stored-config.js';
import type { Transaction } from '../database/transaction.js';
import type { Cursor } from '../graphql/connection.js';
import type { SqlCondition } from './filter/filter-sql.js';
import { CHECKPOINT_IS_LATE } from './late-checkpoint.js';
import { Run, RunState } from './run.entity.js';
import type { SortKey } from './run-order.js';
import type { RunFilter } from './runs.inputs.js';

export interface NewRun {
  name: string;
  studyId: string | null;
  /** The account that queues it. */
  authorId: string;
  config: RunConfig;
  datasetId: string;
  tags: string[];
  priority: number;
}

export class RunsRepository {
  constructor(private readonly dataSource: DataSource) {}

  byId(id: string, transaction: Transaction = this.dataSource.manager): Promise<Run | null> {
    return transaction.getRepository(Run).findOneBy({ id });
  }

  byNumber(number: number): Promise<Run | null> {
    return this.dataSource.getRepository(Run).findOneBy({ number });
  }

  byIds(ids: readonly string[]): Promise<Run[]> {
    return this.dataSource
      .createQueryBuilder(Run, 'run')
      .where('run.id = ANY(:ids)', { ids: [...ids] })
      .getMany();
  }

  lock(transaction: Transaction, id: string): Promise<Run | null> {
    return transaction.getRepository(Run).findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async checkpointIsLate(id: string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `/* checkpointIsLate */ SELECT FROM runs run WHERE run.id = $1 AND ${CHECKPOINT_IS_LATE}`,
      [id],
    );
    return rows.length > 0;
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

  /** Up to `limit` runs after the cursor, and the total number of runs. */
  async page(
    { filter, condition }: { filter: RunFilter; condition: SqlCondition | null },
    key: SortKey,
    after: Cursor | null,
    limit: number,
  ): Promise<[RunAtCursor[], number]> {
    const query = applyFilter(this.dataSource.createQueryBuilder(Run, 'run'), filter);
    if (condition) query.andWhere(condition.sql, condition.parameters);
    const total = await query.getCount();
    query.addSelect(`(${key.expression})::text`, 'sort_key');
    if (after) {
      const comparison = key.direction === 'DESC' ? '<' : '>';
      query.andWhere(`(${key.expression}, run.id) ${comparison} (:key::${key.type}, :id::uuid)`, after);
    }
    // Sorted by an alias, because TypeORM's orderBy would take the expression for a property name.
    const sorted = query.addSelect(`(${key.expression})`, 'sort_value').orderBy('sort_value', key.direction);
    const page = await sorted
      .addOrderBy('run.id', key.direction)
      .limit(limit)
      .getRawAndEntities<{ sort_key: string }>();
    const rows = page.entities.map((run, i) => ({ node: run, cursor: cursorOf(key, page.raw[i]!.sort_key, run.id) }));
    return [rows, total];
  }

  async update(transaction: Transaction, id: string, change: Partial<Run>): Promise<void> {
    await transaction.getRepository(Run).update({ id }, change);
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
  async end(transaction: Transaction, id: string, state: RunState, failure: string | null): Promise<void> {
    await transaction.getRepository(Run).update({ id }, { state, failure, phase: null, finishedAt: () => 'now()' });
  }

  async delete(transaction: Transaction, id: string): Promise<void> {
    await transaction.getRepository(Run).delete({ id });
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

export interface RunAtCursor {
  node: Run;
  cursor: Cursor;
}

function cursorOf({ order }: SortKey, key: string, id: string): Cursor {
  return { order, key, id };
}

function applyFilter(query: SelectQueryBuilder<Run>, filter: RunFilter): SelectQueryBuilder<Run> {
  const { studyId, states, methods, dataset, splitHash, tags, search } = filter;
  if (studyId) query.andWhere('run.study_id = :studyId', { studyId });
  if (states) query.andWhere('run.state = ANY(:states)', { states });
  if (methods) query.andWhere('run.method = ANY(:methods)', { methods });
  if (dataset) query.andWhere(`run.config ->> 'dataset' = :dataset`, { dataset });
  if (splitHash) query.andWhere('run.split_hash = :splitHash', { splitHash });
  if (tags) query.andWhere('run.tags @> :tags', { tags });
  if (search) {
    // Escape LIKE wildcards.
    const pattern = `%${search.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
    query.andWhere('(run.name ILIKE :pattern OR run.number::text = :search)', { pattern, search });
  }
  return query;
}
