import { type DataSource, In } from 'typeorm';
import type { AlarmKind } from '../../schema/alarms-config.js';
import { between, type ChangeRange, endOfPage } from '../database/changes.js';
import { EntityReader } from '../database/entity-reader.js';
import type { Transaction } from '../database/transaction.js';
import { Alarm, RetractedAlarm } from './alarm.entity.js';
import type { AlarmEndInput, AlarmInput } from './alarms.inputs.js';

/** Which alarms of a run to read. */
export interface AlarmChoice {
  /** Null: all kinds. */
  kind: AlarmKind | null;
  /** Only those that are not over. */
  active: boolean;
}

/** A change of a run, with its number. Every row that it writes gets the number. */
export interface ChangePlace {
  runId: string;
  change: number;
}

/** The changes that wrote and deleted alarms. */
const CHANGES = 'SELECT run_id, change FROM alarms UNION ALL SELECT run_id, change FROM retracted_alarms';

const OF_RUNS = `FROM alarms alarm WHERE alarm.run_id = ANY ($1) AND ($2::text IS NULL OR alarm.kind = $2)
  AND (NOT $3::boolean OR alarm.over_step IS NULL)
  ORDER BY alarm.step, alarm.kind, alarm.class_index, alarm.network LIMIT $4`;

export class AlarmsRepository {
  private readonly reader: EntityReader<Alarm>;

  constructor(private readonly dataSource: DataSource) {
    this.reader = new EntityReader(dataSource, Alarm, 'alarm');
  }

  byIds(ids: readonly string[]): Promise<Alarm[]> {
    return this.dataSource.getRepository(Alarm).findBy({ id: In([...ids]) });
  }

  /**
   * Stores alarms, replacing those of the same step, kind, network, class and, about the data, message. No two of one call may
   * have all of these in common. Returns the ids of those that are new, in order.
   */
  async upsert(
    transaction: Transaction,
    { runId, change }: ChangePlace,
    inputs: readonly AlarmInput[],
  ): Promise<string[]> {
    const rows = await transaction.query<{ id: string; isNew: boolean }[]>(
      // An inserted row has no earlier version: its xmax is 0.
      `/* upsertAlarms */ INSERT INTO alarms (run_id, change, step, kind, network, class_index, message)
       SELECT $1, $2, alarm.step, alarm.kind, alarm.network, alarm.class_index, alarm.message
       FROM unnest($3::int[], $4::text[], $5::text[], $6::int[], $7::text[]) WITH ORDINALITY
         AS alarm (step, kind, network, class_index, message, place)
       ORDER BY alarm.place
       ON CONFLICT (run_id, step, kind, coalesce(network, ''), coalesce(class_index, -1),
         (CASE WHEN kind = 'DATA' THEN md5(message) ELSE '' END))
       DO UPDATE SET message = excluded.message, over_step = NULL, change = excluded.change
       RETURNING id, xmax = 0 AS "isNew"`,
      [
        runId,
        change,
        inputs.map(({ step }) => step),
        inputs.map(({ kind }) => kind),
        inputs.map(({ network }) => network ?? null),
        inputs.map(({ classIndex }) => classIndex ?? null),
        inputs.map(({ message }) => message),
      ],
    );
    return rows.filter(({ isNew }) => isNew).map(({ id }) => id);
  }

  /**
   * Numbers new alarms, in this order, and returns the number of the last one. Until the transaction ends, no other one can raise
   * alarms. So call it when everything else is done that may wait.
   */
  async number(transaction: Transaction, ids: readonly string[]): Promise<number> {
    const [[counter]] = await transaction.query<[[{ newest: number }]]>(
      '/* countAlarms */ UPDATE alarm_counter SET newest = newest + $1 RETURNING newest',
      [ids.length],
    );
    await transaction.query(
      `/* numberAlarms */ UPDATE alarms SET number = $2::bigint + place
       FROM unnest($1::uuid[]) WITH ORDINALITY AS raised (id, place) WHERE alarms.id = raised.id`,
      [ids, counter.newest - ids.length],
    );
    return counter.newest;
  }

  /** The number of the newest alarm of all runs; 0 if there was none. */
  async newestNumber(): Promise<number> {
    const [counter] = await this.dataSource.query<[{ newest: number }]>(
      '/* newestAlarm */ SELECT newest FROM alarm_counter',
    );
    return counter.newest;
  }

  /** Up to `limit` alarms after the number `from`, up to `to`, in the order in which they were raised: of one study or of all runs. */
  raised(from: number, to: number, studyId: string | null, limit: number): Promise<Alarm[]> {
    return this.dataSource
      .createQueryBuilder(Alarm, 'alarm')
      .where('alarm.number > :from AND alarm.number <= :to', { from, to })
      .andWhere(
        '(CAST(:studyId AS uuid) IS NULL OR EXISTS (SELECT FROM runs WHERE runs.id = alarm.run_id AND runs.study_id = :studyId))',
        { studyId },
      )
      .orderBy('alarm.number')
      .limit(limit)
      .getMany();
  }

  /** Ends each active alarm about networks that was raised again later, at the step of the later one. */
  async endRaisedAgain(transaction: Transaction, { runId, change }: ChangePlace): Promise<void> {
    await transaction.query(
      `/* endAlarmsRaisedAgain */ UPDATE alarms SET over_step = later.step, change = $2
       FROM (SELECT id, lead(step) OVER (PARTITION BY kind, network, class_index ORDER BY step) AS step
         FROM alarms WHERE run_id = $1 AND kind NOT IN ('STALLED', 'DATA')) AS later
       WHERE alarms.id = later.id AND over_step IS NULL AND later.step IS NOT NULL`,
      [runId, change],
    );
  }

  /** Ends each alarm that is active at the step of an end of the same kind, network and class. */
  async end(transaction: Transaction, { runId, change }: ChangePlace, ends: readonly AlarmEndInput[]): Promise<void> {
    await transaction.query(
      // If one report has several alarms about the same, the earlier ones already end where a later one begins.
      `/* endAlarms */ UPDATE alarms SET over_step = first.step, change = $2
       FROM (SELECT raised.id, min(given.step) AS step
         FROM alarms raised JOIN unnest($3::int[], $4::text[], $5::text[], $6::int[])
           AS given (step, kind, network, class_index) ON given.kind = raised.kind
             AND given.network IS NOT DISTINCT FROM raised.network
             AND given.class_index IS NOT DISTINCT FROM raised.class_index
             AND given.step >= raised.step AND (raised.over_step IS NULL OR given.step < raised.over_step)
         WHERE raised.run_id = $1 GROUP BY raised.id) AS first
       WHERE alarms.id = first.id`,
      [
        runId,
        change,
        ends.map(({ step }) => step),
        ends.map(({ kind }) => kind),
        ends.map(({ network }) => network ?? null),
        ends.map(({ classIndex }) => classIndex ?? null),
      ],
    );
  }

  /**
   * Deletes the run's alarms of steps after `step`, and makes those active again that were over after it. Those about the
   * machine stay, and are over: the process that hung is gone. Notes which were deleted, for those who have already read them.
   */
  async takeBack(transaction: Transaction, { runId, change }: ChangePlace, step: number): Promise<void> {
    await transaction.query(
      `/* retractAlarms */ WITH gone AS (
         DELETE FROM alarms WHERE run_id = $1 AND step > $2 AND kind <> 'STALLED' RETURNING id)
       INSERT INTO retracted_alarms (run_id, change, alarm_id) SELECT $1, $3, id FROM gone`,
      [runId, step, change],
    );
    await transaction.query(
      `/* reopenAlarms */ UPDATE alarms SET over_step = NULL, change = $3
       WHERE run_id = $1 AND over_step > $2 AND kind <> 'STALLED'`,
      [runId, step, change],
    );
    await transaction.query(
      `/* endStalls */ UPDATE alarms SET over_step = step, change = $2
       WHERE run_id = $1 AND over_step IS NULL AND kind = 'STALLED'`,
      [runId, change],
    );
  }

  /** The last change up to which at most `most` alarms were written or deleted; at least one change. */
  endOfPage(range: ChangeRange, most: number): Promise<number> {
    return endOfPage(this.dataSource, `(${CHANGES}) written`, range, most);
  }

  /** In the order in which they were written. */
  changed(runId: string, from: number, to: number): Promise<Alarm[]> {
    return this.dataSource
      .getRepository(Alarm)
      .find({ where: { runId, change: between(from, to) }, order: { change: 'ASC', step: 'ASC', kind: 'ASC' } });
  }

  /** The ids of alarms that were deleted. */
  async retracted(runId: string, from: number, to: number): Promise<string[]> {
    const rows = await this.dataSource.getRepository(RetractedAlarm).findBy({ runId, change: between(from, to) });
    return rows.map(({ alarmId }) => alarmId);
  }

  /** Up to `limit` alarms, oldest first: those of one kind or of all, the active ones or all. */
  ofRuns(runIds: readonly string[], limit: number, { kind, active }: AlarmChoice): Promise<Alarm[]> {
    return this.reader.find('alarmsOfRuns', OF_RUNS, [runIds, kind, active, limit]);
  }
}
