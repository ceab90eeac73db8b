import { arrayLiteral } from '../../database/batches.js';
import type { Transaction } from '../../database/transaction.js';
import type { StepRange } from '../metrics.types.js';
import type { Block, Summary } from './block.js';
import { type Columns, inOrder, numbers } from './columns.js';

/** Names a block. */
export interface BlockKey {
  seriesId: number;
  firstStep: number;
}

/** A block's columns in the table, without its arrays. */
interface SummaryRow extends BlockKey {
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

const COLUMNS = `series_id, first_step, last_step, points, first_time, last_time, first_value, last_value, low, low_step,
  low_time, high, high_step, high_time, nan_step, nan_time, steps, values, times`;
/** Of one statement. A statement has at most 65,535 parameters. */
const MOST_BLOCKS = 1000;

/** Blocks of points. They do not overlap, so a step can only be in the last block that begins at or before it. */
export class BlocksRepository {
  /** Summaries of the blocks that have steps in a range, by series, ascending; at most `limit`. */
  async summaries(
    manager: Transaction,
    seriesIds: readonly number[],
    { fromStep, toStep }: StepRange,
    limit: number,
  ): Promise<(Summary & BlockKey)[]> {
    const rows = await manager.query<SummaryRow[]>(
      `/* blockSummaries */ SELECT series_id AS "seriesId", first_step AS "firstStep", last_step AS "lastStep", points,
         round(extract(epoch FROM first_time) * 1000)::float8 AS "firstTime", times[1] AS "firstOffset", last_time AS "lastTime",
         first_value AS "firstValue", last_value AS "lastValue", low, low_step AS "lowStep", low_time AS "lowTime", high,
         high_step AS "highStep", high_time AS "highTime", nan_step AS "nanStep", nan_time AS "nanTime"
       FROM unnest($1::int[]) AS wanted CROSS JOIN LATERAL (
         SELECT * FROM point_blocks b WHERE b.series_id = wanted AND b.first_step <= $3 AND b.first_step >= coalesce(
           (SELECT max(first_step) FROM point_blocks WHERE series_id = wanted AND first_step <= $2), $2)) block
       WHERE last_step >= $2 ORDER BY series_id, first_step LIMIT $4`,
      [seriesIds, fromStep, toStep, limit],
    );
    return rows.map((row) => ({
      seriesId: row.seriesId,
      firstStep: row.firstStep,
      lastStep: row.lastStep,
      points: row.points,
      shown: shownBy(row),
    }));
  }

  /** The points of blocks, in the order of the keys. */
  async open(manager: Transaction, keys: readonly BlockKey[]): Promise<Columns[]> {
    if (keys.length === 0) return [];
    const rows = await manager.query<{ firstStep: number; firstTime: number | null; [column: string]: unknown }[]>(
      `/* openBlocks */ SELECT first_step AS "firstStep", round(extract(epoch FROM first_time) * 1000)::float8 AS "firstTime",
         array_to_string(steps, ',') AS steps, array_to_string(values, ',') AS values,
         array_to_string(times, ',', 'NaN') AS times
       FROM unnest($1::int[], $2::bigint[]) WITH ORDINALITY AS key (series_id, first_step, place)
       JOIN point_blocks USING (series_id, first_step) ORDER BY place`,
      [keys.map(({ seriesId }) => seriesId), keys.map(({ firstStep }) => firstStep)].map(arrayLiteral),
    );
    return rows.map(({ firstStep, firstTime, steps, values, times }) => {
      const offsets = numbers(steps as string);
      return {
        steps: offsets.map((offset) => firstStep + offset),
        values: numbers(values as string),
        times:
          firstTime === null || times === null
            ? offsets.map(() => null)
            : numbers(times as string).map((offset) => (Number.isNaN(offset) ? null : firstTime + offset)),
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
    arrayLiteral(columns.steps.map((step) => step - firstStep)),
    arrayLiteral(columns.values),
    firstTime === null ? null : arrayLiteral(columns.times.map((time) => offset(time))),
  ];
}
