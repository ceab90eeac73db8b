import type { DataSource } from 'typeorm';

/** The SQL that `work` sends over the data source, in order. */
export async function queriesOf(dataSource: DataSource, work: () => Promise<unknown>): Promise<string[]> {
  const queries: string[] = [];
  const listener = {
    beforeQuery({ query }: { query: string }): void {
      queries.push(query);
    },
  };
  dataSource.subscribers.push(listener);
  try {
    await work();
  } finally {
    dataSource.subscribers.splice(dataSource.subscribers.indexOf(listener), 1);
  }
  return queries;
}
