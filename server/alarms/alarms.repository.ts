import type { DataSource } from 'typeorm';
import type { Transaction } from '../database/transaction.js';
import { Alarm } from './alarm.entity.js';
import type { AlarmInput } from './alarms.inputs.js';

export class AlarmsRepository {
  constructor(private readonly dataSource: DataSource) {}

  byId(id: string): Promise<Alarm | null> {
    return this.dataSource.getRepository(Alarm).findOneBy({ id });
  }

  /** Stores an alarm, replacing one of the same step, kind, network and class. Returns its id and whether it is new. */
  async upsert(transaction: Transaction, runId: string, input: AlarmInput): Promise<{ id: string; isNew: boolean }> {
    const [row] = await transaction.query<{ id: string; isNew: boolean }[]>(
      // An inserted row has no earlier version: its xmax is 0.
      `/* upsertAlarm */ INSERT INTO alarms (run_id, step, kind, network, class_index, message)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (run_id, step, kind, coalesce(network, ''), coalesce(class_index, -1))
       DO UPDATE SET message = excluded.message
       RETURNING id, xmax = 0 AS "isNew"`,
      [runId, input.step, input.kind, input.network ?? null, input.classIndex ?? null, input.message],
    );
    return row!;
  }

  /** Deletes the run's alarms of steps after `step`. */
  async deleteAfter(transaction: Transaction, runId: string, step: number): Promise<void> {
    await transaction.query('/* deleteAlarmsAfter */ DELETE FROM alarms WHERE run_id = $1 AND step > $2', [
      runId,
      step,
    ]);
  }

  /** Oldest first. */
  ofRuns(runIds: readonly string[]): Promise<Alarm[]> {
    return this.dataSource
      .createQueryBuilder(Alarm, 'alarm')
      .where('alarm.run_id = ANY(:ids)', { ids: [...runIds] })
      .orderBy('alarm.step')
      .addOrderBy('alarm.kind')
      .addOrderBy('alarm.class_index')
      .addOrderBy('alarm.network')
      .getMany();
  }
}
