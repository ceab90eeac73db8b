import { MOST_CHARACTERS } from '../../schema/report-limits.js';
import { type Context, listsInOrder } from '../context.js';
import type { Transaction } from '../database/transaction.js';
import { checkRange } from '../graphql/checks.js';
import { refusal } from '../graphql/errors.js';
import { storableText } from '../graphql/texts.js';
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

  /**
   * Lines of a run's log, oldest first: the last ones or, from the start, the first ones, between the lines with the ids `after`
   * and `before`. Batched. @throws BAD_USER_INPUT
   */
  async load(context: Context, runId: string, range: LogArgs): Promise<LogLine[]> {
    const { last: count, after, before, fromStart } = range;
    checkRange('last', count, 1, MAX_LAST);
    const [from, to] = [lineId('after', after) ?? 0, lineId('before', before)];
    const loader = context.loaders.of<LogLine[]>(`log ${count} ${from} ${to} ${fromStart}`, async (ids) => {
      const lines = await this.repository.ofRuns(ids, { count, after: from, before: to, fromStart });
      return listsInOrder(ids, lines, (line) => line.runId);
    });
    return (await loader.load(runId))!;
  }

  /** The whole log as text, one line for each, up to the line that is the newest now. The beginning has been read. */
  async text(runId: string): Promise<AsyncIterable<string>> {
    const newest = await this.repository.newestId(runId);
    let read = await this.between(runId, 0, newest);
    const next = (from: number) => this.between(runId, from, newest);
    return (async function* () {
      for (;;) {
        yield read.lines.map(lineText).join('');
        if (read.upTo >= newest) return;
        read = await next(read.upTo);
      }
    })();
  }
}

/** Which lines `Run.log` returns. */
export interface LogArgs {
  last: number;
  after: string | null;
  before: string | null;
  fromStart: boolean;
}

/** @throws BAD_USER_INPUT */
function lineId(argument: string, text: string | null): number | null {
  if (text === null) return null;
  if (/^\d{1,18}$/.test(text)) return Number(text);
  throw refusal('NOT_A_LOG_LINE', { field: argument, value: text });
}

const lineText = ({ at, level, message }: LogLine): string => `${at.toISOString()} ${level.padEnd(5)} ${message}\n`;
