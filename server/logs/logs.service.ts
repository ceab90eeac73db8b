import { MOST_CHARACTERS } from '../../schema/report-limits.js';
import type { Transaction } from '../database/transaction.js';
import { badUserInput } from '../graphql/errors.js';
import { shown, storableText } from '../graphql/texts.js';
import type { LogLine } from './log-line.entity.js';
import type { LogLineInput } from './logs.inputs.js';
import type { LogsRepository } from './logs.repository.js';

const MAX_LAST = 5000;
/** How many lines are read at a time for those who follow a log. A line may have 16,384 characters. */
const LINES_AT_ONCE = 200;

export class LogsService {
  constructor(private readonly repository: LogsRepository) {}

  /** Adds lines in order, within the caller's transaction. No line is rejected: one that is too long is cut. */
  async record(transaction: Transaction, runId: string, fence: number, lines: readonly LogLineInput[]): Promise<void> {
    if (lines.length === 0) return;
    const storable = lines.map((line) => ({ ...line, message: storableText(line.message, MOST_CHARACTERS.logLine) }));
    await this.repository.insert(transaction, runId, fence, storable);
  }

  /** The id of the newest line; 0 if there is none. A line that commits later has a higher id. */
  newestId(runId: string): Promise<number> {
    return this.repository.newestId(runId);
  }

  /** Lines whose id is greater than `from`, oldest first, up to the line `upTo`, which is at most `to`. */
  async between(runId: string, from: number, to: number): Promise<{ lines: LogLine[]; upTo: number }> {
    const lines = await this.repository.between(runId, from, to, LINES_AT_ONCE);
    return { lines, upTo: lines.length < LINES_AT_ONCE ? to : lines.at(-1)!.id };
  }

  /** The last lines, oldest first. With `after`, only those after the line with that id. */
  async log(runId: string, last: number, after?: string | null): Promise<LogLine[]> {
    if (last < 1 || last > MAX_LAST) throw badUserInput(`last must be between 1 and ${MAX_LAST}; got ${last}`);
    if (after && !/^\d{1,18}$/.test(after)) throw badUserInput(`after: ${shown(after)} is not the id of a log line`);
    return this.repository.last(runId, last, after ? Number(after) : 0);
  }
}
