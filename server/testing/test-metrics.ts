import { afterAll, beforeAll } from 'vitest';
import { Events } from '../events/events.js';
import { createLogger } from '../logger.js';
import { createMetrics } from '../metrics/create-metrics.js';
import type { Run } from '../runs/run.entity.js';
import { emptyTables } from './empty-tables.js';
import { insertDataset, insertRun } from './results-fixtures.js';
import { testDatabase } from './test-database.js';

/** The services of points, on a database of their own. `onlyRun` deletes all runs and inserts one. */
export function testMetrics() {
  const { dataSource, url } = testDatabase();
  const logger = createLogger('silent');
  const events = new Events({ databaseUrl: url, logger });
  beforeAll(() => events.start());
  afterAll(() => events.close());
  const onlyRun = async (): Promise<Run> => {
    await emptyTables(dataSource, 'runs', 'datasets');
    return insertRun(dataSource, await insertDataset(dataSource));
  };
  return { dataSource, events, onlyRun, ...createMetrics({ dataSource, events, logger }) };
}
