import { type DataSource, MoreThan } from 'typeorm';
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

  /** The last lines whose id is greater than `afterId`, oldest first. */
  async last(runId: string, count: number, afterId: number): Promise<LogLine[]> {
    const newestFirst = await this.dataSource
      .getRepository(LogLine)
      .find({ where: { runId, id: MoreThan(afterId) }, order: { id: 'DESC' }, take: count });
    return newestFirst.reverse();
  }
}
