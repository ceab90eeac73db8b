import { type DataSource, MoreThan } from 'typeorm';
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

  /** The last lines whose id is greater than `afterId`, oldest first. */
  async last(runId: string, count: number, afterId: number): Promise<LogLine[]> {
    const newestFirst = await this.dataSource
      .getRepository(LogLine)
      .find({ where: { runId, id: MoreThan(afterId) }, order: { id: 'DESC' }, take: count });
    return newestFirst.reverse();
  }
}
