import pg from 'pg';

/**
 * The SQL that `work` sends to PostgreSQL, in order, over whatever connection of this process: also statements that TypeORM knows
 * nothing about, such as prepared ones.
 */
export async function queriesOf(work: () => Promise<unknown>): Promise<string[]> {
  const queries: string[] = [];
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: pg.Client, ...parameters: unknown[]) {
    const [asked] = parameters as [string | pg.QueryConfig];
    queries.push(typeof asked === 'string' ? asked : asked.text);
    return Reflect.apply(query, this, parameters);
  } as typeof query;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = query;
  }
  return queries;
}

/** Statements that a server sends from time to time, whether or not there are requests. */
const BY_ITSELF = /^\/\* (?:notify|markServerSeen|forgottenBatches|deleteOldBatches) \*\//;

/** Of the SQL that `work` sends, what its requests need: a server in the same process does other things by itself meanwhile. */
export async function requestQueriesOf(work: () => Promise<unknown>): Promise<string[]> {
  const queries = await queriesOf(work);
  return queries.filter((query) => !BY_ITSELF.test(query));
}

/** Of the SQL that `work` sends, what reads results of runs, or runs by their ids. */
export async function readsOf(work: () => Promise<unknown>): Promise<string[]> {
  const queries = await queriesOf(work);
  return queries.filter(
    (query) =>
      /\b(evaluations|evaluation_images|class_ious|run_scores|datasets|samples|sample_images)\b/.test(query) ||
      /"runs"[^;]* = ANY|runsByIds/.test(query),
  );
}
