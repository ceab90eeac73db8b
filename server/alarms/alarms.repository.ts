import type { DataSource } from 'typeorm';
import type { AlarmKind } from '../../schema/alarms-config.js';
import type { Transaction } from '../database/transaction.js';
import { Alarm } from './alarm.entity.js';
import type { AlarmInput } from './alarms.inputs.js';

export class AlarmsRepository {
  constructor(private readonly dataSource: DataSource) {}

  byId(id: string): Promise<Alarm | null> {
    return this.dataSource.getRepository(Alarm).findOneBy({ id });
  }

  /**
   * Stores alarms, replacing those of the same step, kind, network, class and, about the data, message. No two of one call may
   * have all of these in common. Returns the ids of those that are new, in order.
   */
  async upsert(transaction: Transaction, runId: string, inputs: readonly AlarmInput[]): Promise<string[]> {
    const rows = await transaction.query<{ id: string; isNew: boolean }[]>(
      // An inserted row has no earlier version: its xmax is 0.
      `/* upsertAlarms */ INSERT INTO alarms (run_id, step, kind, network, class_index, message)
       SELECT $1, alarm.step, alarm.kind, alarm.network, alarm.class_index, alarm.message
       FROM unnest($2::int[], $3::text[], $4::text[], $5::int[], $6::text[]) WITH ORDINALITY
         AS alarm (step, kind, network, class_index, message, place)
       ORDER BY alarm.place
       ON CONFLICT (run_id, step, kind, coalesce(network, ''), coalesce(class_index, -1),
         (CASE WHEN kind = 'DATA' THEN md5(message) ELSE '' END))
       DO UPDATE SET message = excluded.message
       RETURNING id, xmax = 0 AS "isNew"`,
      [
        runId,
        inputs.map(({ step }) => step),
        inputs.map(({ kind }) => kind),
        inputs.map(({ network }) => network ?? null),
        inputs.map(({ classIndex }) => classIndex ?? null),
        inputs.map(({ message }) => message),
      ],
    );
    return rows.filter(({ isNew }) => isNew).map(({ id }) => id);
  }

  /** Deletes the run's alarms of steps after `step`, except those about the machine. */
  async deleteAfter(transaction: Transaction, runId: string, step: number): Promise<void> {
    await transaction.query(
      `/* deleteAlarmsAfter */ DELETE FROM alarms WHERE run_id = $1 AND step > $2 AND kind <> 'STALLED'`,
      [runId, step],
    );
  }

  /** Up to `limit` alarms of one kind, or of all, oldest first. */
  ofRuns(runIds: readonly string[], limit: number, kind: AlarmKind | null): Promise<Alarm[]> {
    return this.dataSource
      .createQueryBuilder(Alarm, 'alarm')
      .where('alarm.run_id = ANY(:ids)', { ids: [...runIds] })
      .andWhere('(CAST(:kind AS text) IS NULL OR alarm.kind = :kind)', { kind })
      .orderBy('alarm.step')
      .addOrderBy('alarm.kind')
      .addOrderBy('alarm.class_index')
      .addOrderBy('alarm.network')
      .limit(limit)
      .getMany();
  }
}
