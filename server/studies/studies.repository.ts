import { type DataSource, In, type QueryDeepPartialEntity } from 'typeorm';
import { EntityReader } from '../database/entity-reader.js';
import type { Transaction } from '../database/transaction.js';
import type { Connection, PageArgs } from '../graphql/connection.js';
import { type RowOrder, sqlConnection } from '../graphql/sql-connection.js';
import type { SqlCondition } from '../runs/filter/filter-sql.js';
import { Run } from '../runs/run.entity.js';
import { COUNT_RUNS, type RunCounts } from '../runs/run-counts.js';
import { Study } from './study.entity.js';

/** The order of studies. There is only one. */
const NEWEST_FIRST: RowOrder = {
  order: 'CREATED_AT DESC',
  direction: 'DESC',
  expression: 'study.created_at',
  type: 'timestamptz',
  id: 'study.id',
};

export class StudiesRepository {
  private readonly reader: EntityReader<Study>;

  constructor(private readonly dataSource: DataSource) {
    this.reader = new EntityReader(dataSource, Study, 'study');
  }

  byIds(ids: readonly string[]): Promise<Study[]> {
    return this.reader.find('studiesByIds', 'FROM studies study WHERE study.id = ANY ($1)', [ids]);
  }

  byId(id: string, transaction: Transaction = this.dataSource.manager): Promise<Study | null> {
    return transaction.getRepository(Study).findOneBy({ id });
  }

  /**
   * A page of studies, newest first. @throws BAD_USER_INPUT for an invalid page
   * @param condition that a run of each study meets; null for all studies
   * @param archived whether they are archived; null for both
   */
  page(
    { condition, archived }: { condition: SqlCondition | null; archived: boolean | null },
    args: PageArgs,
  ): Promise<Connection<Study>> {
    const query = this.dataSource.createQueryBuilder(Study, 'study');
    if (archived !== null) query.andWhere(`study.archived_at IS ${archived ? 'NOT ' : ''}NULL`);
    if (condition) {
      query.andWhere(`study.id IN (SELECT run.study_id FROM runs run WHERE ${condition.sql})`, condition.parameters);
    }
    return sqlConnection(query, NEWEST_FIRST, args);
  }

  async insert(
    transaction: Transaction,
    study: Pick<Study, 'name' | 'description' | 'authorId' | 'base' | 'matrix'>,
  ): Promise<string> {
    const result = await transaction.getRepository(Study).insert(study as QueryDeepPartialEntity<Study>);
    return result.identifiers[0]!.id as string;
  }

  /** Locks the study, so that no runs can be added, and its runs. */
  async lockWithRuns(transaction: Transaction, id: string): Promise<Run[] | null> {
    if (!(await this.lock(transaction, id))) return null;
    return transaction.getRepository(Run).find({
      where: { studyId: id },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
  }

  lock(transaction: Transaction, id: string): Promise<Study | null> {
    return transaction.getRepository(Study).findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async update(transaction: Transaction, id: string, change: Partial<Study>): Promise<void> {
    await transaction.getRepository(Study).update({ id }, change as QueryDeepPartialEntity<Study>);
  }

  /** The runs with these ids, by number. */
  runs(transaction: Transaction, ids: readonly string[]): Promise<Run[]> {
    return transaction.getRepository(Run).find({ where: { id: In([...ids]) }, order: { number: 'ASC' } });
  }

  async delete(transaction: Transaction, id: string): Promise<void> {
    await transaction.getRepository(Study).delete({ id });
  }

  async runCounts(studyIds: readonly string[]): Promise<(RunCounts & { studyId: string })[]> {
    return this.dataSource.query(
      `/* runCounts */ SELECT study_id AS "studyId", ${COUNT_RUNS}
       FROM runs WHERE study_id = ANY ($1) GROUP BY study_id`,
      [studyIds],
    );
  }
}
