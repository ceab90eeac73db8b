import { And, type DataSource, type FindOperator, LessThanOrEqual, MoreThan } from 'typeorm';

/** A column that is greater than `from` and at most `to`. */
export function between(from: number, to: number): FindOperator<number> {
  return And(MoreThan(from), LessThanOrEqual(to));
}

/** Changes of a run: those after `from`, up to `to`. */
export interface ChangeRange {
  runId: string;
  from: number;
  to: number;
}

/**
 * The last change of a page: changes from the beginning of the range whose rows are at most `most` together, or one change if that
 * alone has more.
 * @param rows SQL with the columns `run_id` and `change`, to select from
 */
export async function endOfPage(
  dataSource: DataSource,
  rows: string,
  { runId, from, to }: ChangeRange,
  most: number,
): Promise<number> {
  const [page] = await dataSource.query<[{ first: number; last: number; rows: number }]>(
    `/* endOfPage */ SELECT min(change) AS first, max(change) AS last, count(*) AS rows FROM (
       SELECT change FROM ${rows} WHERE run_id = $1 AND change > $2 AND change <= $3 ORDER BY change LIMIT $4) page`,
    [runId, from, to, most + 1],
  );
  return page.rows > most ? Math.max(page.first, page.last - 1) : to;
}
