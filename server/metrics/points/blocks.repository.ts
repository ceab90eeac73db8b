import { arrayLiteral } from '../../database/batches.js';
import type { Transaction } from '../../database/transaction.js';
import type { PointRange } from '../metrics.types.js';
import { readArray, writeArray } from './binary-array.js';
import type { Block } from './block.js';
import { type Columns, joined, offsets } from './columns.js';
import { SUMMARY, type Summaries } from './summaries.js';

/** Names a block. */
export interface BlockKey {
  seriesId: number;
  firstStep: number;
}

/** An opened block. The arrays are in the binary format of Postgres. */
interface OpenedRow {
  firstStep: number;
  firstTime: number | null;
  steps: Buffer;
  values: Buffer;
  times: Buffer | null;
}

const COLUMNS = `series_id, first_step, last_step, points, first_time, last_time, first_value, last_value, low, low_step,
  low_time, high, high_step, high_time, nan_step, nan_time, steps, values, times, earliest, latest, peaks`;
const FIRST_TIME_MS = "round(date_part('epoch', first_time) * 1000)";
/** Postgres' avg also adds up squares, which fails for values above 1e154; a division fails if its result is too small. */
const meanOfNewest = (points: number): string => `(
  SELECT sum(CASE WHEN abs(value) < 1e-300 THEN 0 ELSE value / points END) FROM (
    SELECT value, count(*) OVER () AS points FROM (
      SELECT value FROM point_blocks b CROSS JOIN LATERAL unnest(b.values) WITH ORDINALITY AS of (value, place)
      WHERE b.series_id = series.id ORDER BY b.first_step DESC, place DESC LIMIT ${points}) newest) counted)`;
/** Whether a block may have points of a range of times, each end of which may be null. */
const inTime = (firstTimeMs: string, from: string, to: string): string => `
  (${from}::float8 IS NULL OR ${firstTimeMs} + coalesce(latest::float8, 'Infinity') >= ${from})
  AND (${to}::float8 IS NULL OR ${firstTimeMs} + coalesce(earliest::float8, '-Infinity') <= ${to})`;
/** Of one statement. A statement has at most 65,535 parameters. */
const MOST_BLOCKS = 1000;
/** Blocks that are decoded in one go, in which the server does nothing else: about 30,000 points, or as many extremes. */
const MOST_OPENED = { all: 64, peaks: 960 };

/** What is read of an opened block: all points, or the extremes of its groups. The block must know them. */
export type Part = 'all' | 'peaks';

/** The first step of the block of a series in which a step would be; the step itself if no block begins before it. */
const FIRST_BLOCK = (series: string, step: string) => `coalesce(
  (SELECT max(first_step) FROM point_blocks WHERE series_id = ${series} AND first_step <= ${step}), ${step})`;

/** Blocks of points. They do not overlap, so a step can only be in the last block that begins at or before it. */
export class BlocksRepository {
  /** Summaries of the blocks that have points in a range, by series; of at most `limit` blocks for each. */
  async summaries(
    manager: Transaction,
    seriesIds: readonly number[],
    { fromStep, toStep, fromTime = null, toTime = null }: PointRange,
    limit: number,
  ): Promise<Map<number, Summaries>> {
    const columns = Object.entries(SUMMARY);
    // One binary array for each column: thousands of blocks would be tens of thousands of values for the driver. Each series is
    // aggregated alone, from blocks that are already in order.
    const rows = await manager.query<({ seriesId: number } & Record<string, Buffer | null>)[]>(
      `/* blockSummaries */ SELECT wanted AS "seriesId", summaries.* FROM unnest($1::int[]) AS wanted CROSS JOIN LATERAL (
         SELECT ${columns.map(([name]) => `array_send(array_agg("${name}"::float8)) AS "${name}"`).join(', ')}
         FROM (
           SELECT ${columns.map(([name, sql]) => `${sql} AS "${name}"`).join(', ')}
           FROM (SELECT *, ${FIRST_TIME_MS} AS first_time_ms FROM point_blocks) b
           WHERE b.series_id = wanted AND b.first_step <= $3 AND b.first_step >= ${FIRST_BLOCK('wanted', '$2')}
             AND last_step >= $2
             AND ${inTime('first_time_ms', '$4', '$5')}
           ORDER BY b.first_step LIMIT $6
         ) AS block
       ) AS summaries`,
      [seriesIds, fromStep, toStep, fromTime, toTime, limit],
    );
    return new Map(
      rows
        .filter(({ firstStep }) => firstStep !== null)
        .map(({ seriesId, ...arrays }) => {
          const decoded = columns.map(([name]) => [name, readArray(arrays[name]!)]);
          return [seriesId, Object.fromEntries(decoded) as Summaries];
        }),
    );
  }

  /** Points of blocks, in the order of the keys. */
  async open(manager: Transaction, keys: readonly BlockKey[], part: Part = 'all'): Promise<Columns[]> {
    const opened: Columns[] = [];
    for (let from = 0; from < keys.length; from += MOST_OPENED[part]) {
      const some = keys.slice(from, from + MOST_OPENED[part]);
      const rows = await manager.query<OpenedRow[]>(
        `/* openBlocks */ SELECT ${opening(part)}
         FROM unnest($1::int[], $2::bigint[]) WITH ORDINALITY AS key (series_id, first_step, place)
         JOIN point_blocks USING (series_id, first_step) ORDER BY place`,
        [some.map(({ seriesId }) => seriesId), some.map(({ firstStep }) => firstStep)].map(arrayLiteral),
      );
      for (const row of rows) opened.push(pointsOf(row));
    }
    return opened;
  }

  /** The points of the next `limit` blocks of a series that begin after a step and may have points in the range. */
  async next(
    manager: Transaction,
    seriesId: number,
    afterStep: number,
    { toStep, fromTime = null, toTime = null }: PointRange,
    limit: number,
  ): Promise<{ columns: Columns; blocks: number }> {
    const rows = await manager.query<OpenedRow[]>(
      `/* nextBlocks */ SELECT ${opening('all')} FROM point_blocks
       WHERE series_id = $1 AND first_step > $2 AND first_step <= $3 AND ${inTime(FIRST_TIME_MS, '$4', '$5')}
       ORDER BY series_id, first_step LIMIT $6`,
      [seriesId, afterStep, toStep, fromTime, toTime, limit],
    );
    return { columns: joined(rows.map(pointsOf)), blocks: rows.length };
  }

  /** The first step of the block in which a step would be; the step itself if no block begins before it. */
  async startOf(manager: Transaction, seriesId: number, step: number): Promise<number> {
    const [row] = await manager.query<[{ start: number }]>(
      `/* blockStart */ SELECT ${FIRST_BLOCK('$1', '$2::bigint')} AS start`,
      [seriesId, step],
    );
    return row.start;
  }

  /**
   * For each series, the first steps of its blocks from the one in which `fromStep` would be, ascending. Reads only the
   * index.
   */
  async startsFrom(transaction: Transaction, wanted: readonly BlockKey[]): Promise<Map<number, number[]>> {
    const rows = await transaction.query<BlockKey[]>(
      `/* blockStarts */ SELECT b.series_id AS "seriesId", b.first_step AS "firstStep"
       FROM unnest($1::int[], $2::bigint[]) AS w (series_id, first_step)
       JOIN point_blocks b ON b.series_id = w.series_id AND b.first_step >= ${FIRST_BLOCK('w.series_id', 'w.first_step')}
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

/** The columns of an OpenedRow. */
function opening(part: Part): string {
  const array = (name: string) =>
    `array_send(${part === 'all' ? name : `ARRAY(SELECT ${name}[peak] FROM unnest(peaks) AS peak)`})`;
  return `first_step AS "firstStep", ${FIRST_TIME_MS} AS "firstTime", ${array('steps')} AS steps, ${array('values')} AS values,
    CASE WHEN times IS NOT NULL THEN ${array('times')} END AS times`;
}

function pointsOf({ firstStep, firstTime, steps, values, times }: OpenedRow): Columns {
  const offsets = readArray(steps);
  return {
    steps: offsets.map((offset) => firstStep + offset!),
    values: readArray(values) as number[],
    times:
      firstTime === null || times === null
        ? offsets.map(() => null)
        : readArray(times).map((offset) => (offset === null ? null : firstTime + offset)),
  };
}

/** A block as a row, in the order of COLUMNS. */
function cells({ seriesId, firstStep, columns, extremes, peaks, times: known }: Block & BlockKey): unknown[] {
  const { steps, values, times } = columns;
  const { lowest, highest, nan } = extremes;
  const firstTime = times.find((time) => time !== null) ?? null;
  const offset = (time: number | null | undefined) => (time === null || time === undefined ? null : time - firstTime!);
  const point = (place: number) =>
    place < 0 ? [null, null, null] : [values[place], steps[place], offset(times[place])];
  const last = steps.length - 1;
  return [
    ...[seriesId, firstStep, steps[last], steps.length, firstTime === null ? null : new Date(firstTime)],
    ...[offset(times[last]), values[0], values[last]],
    ...point(lowest),
    ...point(highest),
    ...point(nan).slice(1),
    writeArray('int4', offsets(steps, firstStep)),
    writeArray('float8', values),
    firstTime === null ? null : writeArray('int4', offsets(times, firstTime)),
    ...[offset(known?.earliest), offset(known?.latest)],
    peaks && arrayLiteral(peaks.map((place) => place + 1)),
  ];
}
