import { arrayLiteral } from '../../database/batches.js';
import type { Transaction } from '../../database/transaction.js';
import type { StepRange } from '../metrics.types.js';
import { readArray, writeArray } from './binary-array.js';
import type { Block, Summary } from './block.js';
import { type Columns, inOrder } from './columns.js';

/** Names a block. */
export interface BlockKey {
  seriesId: number;
  firstStep: number;
}

/** A block's columns in the table, without its arrays. */
interface SummaryRow {
  firstStep: number;
  lastStep: number;
  points: number;
  /** What the times of the block are counted from. */
  firstTime: number | null;
  /** The first point's time. */
  firstOffset: number | null;
  lastTime: number | null;
  firstValue: number;
  lastValue: number;
  low: number | null;
  lowStep: number | null;
  lowTime: number | null;
  high: number | null;
  highStep: number | null;
  highTime: number | null;
  nanStep: number | null;
  nanTime: number | null;
}

/** The columns of a summary: their names here and in SQL. */
const SUMMARY: [keyof SummaryRow, string][] = [
  ['firstStep', 'first_step'],
  ['lastStep', 'last_step'],
  ['points', 'points'],
  ['firstTime', 'round(extract(epoch FROM first_time) * 1000)'],
  ['firstOffset', 'times[1]'],
  ['lastTime', 'last_time'],
  ['firstValue', 'first_value'],
  ['lastValue', 'last_value'],
  ['low', 'low'],
  ['lowStep', 'low_step'],
  ['lowTime', 'low_time'],
  ['high', 'high'],
  ['highStep', 'high_step'],
  ['highTime', 'high_time'],
  ['nanStep', 'nan_step'],
  ['nanTime', 'nan_time'],
];

/** An opened block. The arrays are in the binary format of Postgres. */
interface OpenedRow {
  firstStep: number;
  firstTime: number | null;
  steps: Buffer;
  values: Buffer;
  times: Buffer | null;
}

const COLUMNS = `series_id, first_step, last_step, points, first_time, last_time, first_value, last_value, low, low_step,
  low_time, high, high_step, high_time, nan_step, nan_time, steps, values, times`;
const meanOfNewest = (points: number): string => `(SELECT avg(value) FROM (
  SELECT value FROM point_blocks b CROSS JOIN LATERAL unnest(b.values) WITH ORDINALITY AS of (value, place)
  WHERE b.series_id = series.id ORDER BY b.first_step DESC, place DESC LIMIT ${points}) newest)`;

/** Of one statement. A statement has at most 65,535 parameters. */
const MOST_BLOCKS = 1000;

/** Blocks of points. They do not overlap, so a step can only be in the last block that begins at or before it. */
export class BlocksRepository {
  /** Summaries of the blocks that have steps in a range, by series, ascending; about `limit` at most. */
  async summaries(
    manager: Transaction,
    seriesIds: readonly number[],
    { fromStep, toStep }: StepRange,
    limit: number,
  ): Promise<(Summary & BlockKey)[]> {
    // One text per column and series, as for points: thousands of blocks would be tens of thousands of values for the driver.
    const rows = await manager.query<Record<string, string>[]>(
      `/* blockSummaries */ SELECT wanted AS "seriesId", ${SUMMARY.map(
        ([name, sql]) => `string_agg(coalesce((${sql})::text, '-'), ',' ORDER BY first_step) AS "${name}"`,
      ).join(', ')}
       FROM unnest($1::int[]) AS wanted CROSS JOIN LATERAL (
         SELECT * FROM point_blocks b WHERE b.series_id = wanted AND b.first_step <= $3 AND b.first_step >= coalesce(
           (SELECT max(first_step) FROM point_blocks WHERE series_id = wanted AND first_step <= $2), $2) LIMIT $4) block
       WHERE last_step >= $2 GROUP BY wanted`,
      [seriesIds, fromStep, toStep, limit],
    );
    return rows.flatMap((row) => {
      const seriesId = Number(row.seriesId);
      const columns = SUMMARY.map(([name]) => row[name]!.split(','));
      return columns[0]!.map((_, block) => {
        const cell = Object.fromEntries(
          SUMMARY.map(([name], i) => [name, columns[i]![block] === '-' ? null : Number(columns[i]![block])]),
        ) as unknown as SummaryRow;
        const { firstStep, lastStep, points } = cell;
        return { seriesId, firstStep, lastStep, points, shown: shownBy(cell) };
      });
    });
  }

  /** The points of blocks, in the order of the keys. */
  async open(manager: Transaction, keys: readonly BlockKey[]): Promise<Columns[]> {
    if (keys.length === 0) return [];
    const rows = await manager.query<OpenedRow[]>(
      `/* openBlocks */ SELECT first_step AS "firstStep", round(extract(epoch FROM first_time) * 1000)::float8 AS "firstTime",
         array_send(steps) AS steps, array_send(values) AS values, array_send(times) AS times
       FROM unnest($1::int[], $2::bigint[]) WITH ORDINALITY AS key (series_id, first_step, place)
       JOIN point_blocks USING (series_id, first_step) ORDER BY place`,
      [keys.map(({ seriesId }) => seriesId), keys.map(({ firstStep }) => firstStep)].map(arrayLiteral),
    );
    return rows.map(({ firstStep, firstTime, steps, values, times }) => {
      const offsets = readArray(steps);
      return {
        steps: offsets.map((offset) => firstStep + offset!),
        values: readArray(values) as number[],
        times:
          firstTime === null || times === null
            ? offsets.map(() => null)
            : readArray(times).map((offset) => (offset === null ? null : firstTime + offset)),
      };
    });
  }

  /**
   * For each series, the first steps of its blocks from the one in which `fromStep` would be, ascending. Reads only the
   * index.
   */
  async startsFrom(transaction: Transaction, wanted: readonly BlockKey[]): Promise<Map<number, number[]>> {
    const rows = await transaction.query<BlockKey[]>(
      `/* blockStarts */ SELECT b.series_id AS "seriesId", b.first_step AS "firstStep"
       FROM unnest($1::int[], $2::bigint[]) AS w (series_id, first_step)
       JOIN point_blocks b ON b.series_id = w.series_id AND b.first_step >= coalesce(
         (SELECT max(first_step) FROM point_blocks WHERE series_id = w.series_id AND first_step <= w.first_step), w.first_step)
       ORDER BY b.series_id, b.first_step`,
      [wanted.map(({ seriesId }) => seriesId), wanted.map(({ firstStep }) => firstStep)].map(arrayLiteral),
    );
    const starts = new Map<number, number[]>();
    for (const { seriesId, firstStep } of rows) starts.set(seriesId, [...(starts.get(seriesId) ?? []), firstStep]);
    return starts;
  }

  /** Brings what runs are filtered by up to date with the blocks of these series, or of all series of the run. */
  async summarise(transaction: Transaction, runId: string, seriesIds: readonly number[] | null): Promise<void> {
    await transaction.query(
      `/* summariseSeries */ UPDATE series SET
         (low, high) = (SELECT min(low), max(high) FROM point_blocks WHERE series_id = series.id),
         last_value = (SELECT last_value FROM point_blocks WHERE series_id = series.id ORDER BY first_step DESC LIMIT 1),
         mean10 = ${meanOfNewest(10)}, mean100 = ${meanOfNewest(100)}
       WHERE run_id = $1 AND ($2::int[] IS NULL OR id = ANY ($2))`,
      [runId, seriesIds],
    );
  }

  async delete(transaction: Transaction, keys: readonly BlockKey[]): Promise<void> {
    if (keys.length === 0) return;
    await transaction.query(
      `/* deleteBlocks */ DELETE FROM point_blocks b USING unnest($1::int[], $2::bigint[]) AS key (series_id, first_step)
       WHERE b.series_id = key.series_id AND b.first_step = key.first_step`,
      [keys.map(({ seriesId }) => seriesId), keys.map(({ firstStep }) => firstStep)].map(arrayLiteral),
    );
  }

  async insert(transaction: Transaction, blocks: readonly (Block & BlockKey)[]): Promise<void> {
    for (let from = 0; from < blocks.length; from += MOST_BLOCKS) {
      const rows = blocks.slice(from, from + MOST_BLOCKS).map(cells);
      const places = rows.map((row, i) => `(${row.map((_, j) => `$${i * row.length + j + 1}`).join(', ')})`);
      await transaction.query(
        `/* insertBlocks */ INSERT INTO point_blocks (${COLUMNS}) VALUES ${places.join(', ')}`,
        rows.flat(),
      );
    }
  }
}

/** The points that a summary shows. */
function shownBy(row: SummaryRow): Columns {
  const { firstTime } = row;
  const points: [step: number | null, value: number | null, offset: number | null][] = [
    [row.firstStep, row.firstValue, row.firstOffset],
    [row.lowStep, row.low, row.lowTime],
    [row.highStep, row.high, row.highTime],
    [row.nanStep, Number.NaN, row.nanTime],
    [row.lastStep, row.lastValue, row.lastTime],
  ];
  const known = points.filter(([step]) => step !== null);
  return inOrder({
    steps: known.map(([step]) => step!),
    values: known.map(([, value]) => value!),
    times: known.map(([, , offset]) => (firstTime === null || offset === null ? null : firstTime + offset)),
  });
}

/** A block as a row, in the order of COLUMNS. */
function cells({ seriesId, firstStep, lastStep, points, columns, shown }: Block & BlockKey): unknown[] {
  const firstTime = columns.times.find((time) => time !== null) ?? null;
  const offset = (time: number | null | undefined) => (time === null || time === undefined ? null : time - firstTime!);
  const point = (place: number) =>
    place < 0 ? [null, null, null] : [shown.values[place], shown.steps[place], offset(shown.times[place])];
  const finite = shown.values.filter((value) => !Number.isNaN(value));
  const [low, high] = [shown.values.indexOf(Math.min(...finite)), shown.values.indexOf(Math.max(...finite))];
  const nan = shown.values.findIndex(Number.isNaN);
  const last = columns.steps.length - 1;
  return [
    ...[seriesId, firstStep, lastStep, points, firstTime === null ? null : new Date(firstTime)],
    ...[offset(columns.times[last]), columns.values[0], columns.values[last]],
    ...point(low),
    ...point(high),
    ...point(nan).slice(1),
    writeArray(
      'int4',
      columns.steps.map((step) => step - firstStep),
    ),
    writeArray('float8', columns.values),
    firstTime === null ? null : writeArray('int4', columns.times.map(offset)),
  ];
}
