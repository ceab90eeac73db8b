import type { QueryRunner } from 'typeorm';

/** What the version before a migration cannot hold. */
export interface Loss {
  /** What would be lost, in the plural. */
  what: string;
  table: string;
  /** The condition that a row has some of it. */
  where: string;
  /** An expression that names the row. */
  row: string;
}

/** Names of rows. */
export const RUN = `'run ' || number`;
export const STUDY = `'study "' || name || '"'`;

/**
 * Refuses to revert a migration while there is something that the older version cannot hold. `down` calls this first.
 * @throws Error that names what would be lost, one of the rows, and how many there are
 */
export async function refuseLoss(runner: QueryRunner, losses: readonly Loss[]): Promise<void> {
  for (const { what, table, where, row } of losses) {
    const [found] = (await runner.query(
      `SELECT ${row} AS name, (count(*) OVER ())::int AS count FROM ${table} WHERE ${where} ORDER BY 1 LIMIT 1`,
    )) as { name: string; count: number }[];
    if (!found) continue;
    const rows = found.count === 1 ? found.name : `${found.name} and ${found.count - 1} more`;
    throw new Error(`going back would lose ${what} of ${rows}; clear them first, or keep this version`);
  }
}
