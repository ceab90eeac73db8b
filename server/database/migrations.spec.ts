import { describe, expect, it } from 'vitest';
import { runConfig, type SplitConfigInput } from '../../schema/run-config.js';
import { insertDataset, insertRun } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';

const { dataSource } = testDatabase();

/** Takes back the migration whose class is called so, and those after it. */
async function undo(name: string): Promise<void> {
  const applied = async () =>
    (await dataSource.query('SELECT FROM migrations WHERE name LIKE $1', [`${name}%`])).length > 0;
  while (await applied()) await dataSource.undoLastMigration();
}

describe('migrating', () => {
  it('back gives every run a share of labelled images that the older version can tell', async () => {
    const dataset = await insertDataset(dataSource);
    const insert = (split: SplitConfigInput, drawn: [labelled: number, unlabelled: number] | null) => {
      const config = runConfig.parse({ dataset: dataset.name, split, method: { name: 'cps' } });
      const setup = drawn && {
        engine: 'wasm',
        device: 'cpu',
        labelledImages: drawn[0],
        unlabelledImages: drawn[1],
        parameters: 1,
      };
      return insertRun(dataSource, dataset, { config, setup });
    };
    await insert({ labelledRatio: 0.125 }, [9, 55]);
    await insert({ labelledImages: 16 }, [16, 48]);
    await insert({ labelledList: 'mine.txt' }, null);
    await insert({ labelledList: 'none.txt' }, [0, 0]);
    await undo('Splits');
    const shares = await dataSource.query('SELECT labelled_ratio AS share FROM runs ORDER BY number');
    expect(shares).toEqual([0.125, 0.25, 1, 1].map((share) => ({ share })));
    await dataSource.runMigrations();
  });
});
