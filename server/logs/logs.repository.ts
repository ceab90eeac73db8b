import type { DataSource } from 'typeorm';
import { between } from '../database/changes.js';
import type { Transaction } from '../database/transaction.js';
import { LogLine } from './log-line.entity.js';
import type { LogLineInput } from './logs.inputs.js';

export class LogsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** A line from the future gets the server's time: its runner's clock is wrong, and the runner does not know. */
  async insert(transaction: Transaction, runId: string, fence: number, lines: readonly LogLineInput[]): Promise<void> {
    await transaction.query(
      `/* insertLogLines */ INSERT INTO log_lines (run_id, fence, at, level, message)
       SELECT $1, $2, CASE WHEN line.at > clock_timestamp() + interval '5 s' THEN clock_timestamp() ELSE line.at END,
         line.level, line.message
       FROM unnest($3::timestamptz[], $4::text[], $5::text[]) WITH ORDINALITY AS line (at, level, message, place)
       ORDER BY line.place`,
      [runId, fence, lines.map(({ at }) => at), lines.map(({ level }) => level), lines.map(({ message }) => message)],
    );
  }

  /** The id of the newest line; 0 if there is none. */
  async newestId(runId: string): Promise<number> {
    const [row] = await this.dataSource.query<[{ id: number | null }]>(
      '/* newestLogLine */ SELECT max(id) AS id FROM log_lines WHERE run_id = $1',
      [runId],
    );
    return row.id ?? 0;
  }

  /** Up to `limit` lines whose id is greater than `from` and at most `to`, oldest first. */
  between(runId: string, from: number, to: number, limit: number): Promise<LogLine[]> {
    return this.dataSource
      .getRepository(LogLine)
      .find({ where: { runId, id: between(from, to) }, order: { id: 'ASC' }, take: limit });
  }

  /** Up to `count` lines of each run, oldest first: the first or the last ones between two ids, which are left out. */
  async ofRuns(runIds: readonly string[], { count, after, before, fromStart }: LogRange): Promise<LogLine[]> {
    const order = fromStart ? 'ASC' : 'DESC';
    const rows = await this.dataSource.query<LogLine[]>(
      `/* logOfRuns */ SELECT line.id, line.run_id AS "runId", line.fence, line.at, line.level, line.message
       FROM unnest($1::uuid[]) AS asked (id) CROSS JOIN LATERAL (
         SELECT * FROM log_lines WHERE run_id = asked.id AND id > $3 AND ($4::bigint IS NULL OR id < $4)
         ORDER BY id ${order} LIMIT $2) line ORDER BY line.id`,
      [runIds, count, after, before],
    );
    return rows.map((row) => Object.assign(new LogLine(), row));
  }
}

/** Which lines of a log. */
export interface LogRange {
  count: number;
  /** The id before the first line; 0 if there is none. */
  after: number;
  /** The id behind the last line; null if there is none. */
  before: number | null;
  /** Whether to return the first lines instead of the last ones. */
  fromStart: boolean;
}
