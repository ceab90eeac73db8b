import { createDataSource } from '../../database/data-source.js';
import { createLogger } from '../../logger.js';
import { blocksOf } from './block.js';
import { BlocksRepository } from './blocks.repository.js';
import type { Columns } from './columns.js';

/**
 * Stores points of a series, ascending by step, as the roll-up does, for databases that take too long to fill through the API.
 * The series must have no points yet.
 */
export async function insertBlocks(databaseUrl: string, seriesId: number, points: Columns): Promise<void> {
  const dataSource = createDataSource({ url: databaseUrl, entities: [], logger: createLogger('warn') });
  await dataSource.initialize();
  const blocks = blocksOf(points).map((block) => ({ seriesId, ...block }));
  await dataSource.transaction((transaction) => new BlocksRepository().insert(transaction, blocks));
  await dataSource.destroy();
}
