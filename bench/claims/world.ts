import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { AttemptsService } from '../../server/attempts/attempts.service.js';
import { createDataSource } from '../../server/database/data-source.js';
import { EmbeddedPostgres } from '../../server/database/embedded-postgres.js';
import { migrate } from '../../server/database/migrate.js';
import { readEnv } from '../../server/env.js';
import { Events } from '../../server/events/events.js';
import { createLogger } from '../../server/logger.js';
import { modules } from '../../server/modules.js';

const POOLS = 3;
const ENGINES = ['any', 'tensorflow', 'webgpu', 'wasm'];
/** How many datasets have runs. The one with this number has none. */
export const DATASETS = 6;
export const PLACEMENTS = POOLS * ENGINES.length * DATASETS;
const CLASSES = JSON.stringify([{ index: 0, name: 'road', color: '#102030' }]);
const CONFIG = JSON.stringify({ dataset: 'dataset 0', split: { labelledRatio: 1 }, method: { name: 'supervised' } });

/** A server's services on a database of their own, with a full queue. */
export class World {
  private runners = 0;

  private constructor(
    readonly url: string,
    readonly dataSource: DataSource,
    readonly attempts: AttemptsService,
    private readonly closers: (() => unknown)[],
  ) {}

  /** Starts PostgreSQL, migrates, and queues `runs` runs, spread evenly over all placements and three priorities. */
  static async create(runs: number): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), 'crosscheck-claims-'));
    // If this is root, PostgreSQL runs as another user, who needs access.
    chmodSync(folder, 0o755);
    const closers: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
    const logger = createLogger('warn');
    try {
      const database = await EmbeddedPostgres.start(folder, logger);
      closers.push(() => database.stop());
      const { url } = database;
      const dataSource = createDataSource({ url, entities: modules.entities, logger });
      await dataSource.initialize();
      closers.push(() => dataSource.destroy());
      await migrate(dataSource, url);
      const events = new Events({ databaseUrl: url, logger });
      await events.start();
      closers.push(() => events.close());
      const surroundings = { dataSource, events, env: readEnv({}), logger, version: 'bench' };
      const world = new World(url, dataSource, modules.create(surroundings).services.attempts, closers);
      await world.fill(runs);
      return world;
    } catch (error) {
      for (const close of closers.reverse()) await close();
      throw error;
    }
  }

  async close(): Promise<void> {
    for (const close of this.closers.reverse()) await close();
  }

  /** Adds a runner of the engine `wasm` with all the slots that a runner can have. Returns its id. */
  async addRunner(pool: number, datasets: readonly number[]): Promise<string> {
    const [runner] = await this.dataSource.query<{ id: string }[]>(
      `INSERT INTO runners (name, token_hash, host, engine, device, version, pool, slots, slot_limit)
       VALUES ($1, $1, 'bench', 'wasm', 'cpu', '1', $2, 64, 64) RETURNING id`,
      [`runner ${++this.runners}`, `pool ${pool}`],
    );
    await this.dataSource.query(
      'INSERT INTO runner_datasets (runner_id, dataset_id) SELECT $1, id FROM datasets WHERE name = ANY ($2)',
      [runner!.id, datasets.map((dataset) => `dataset ${dataset}`)],
    );
    return runner!.id;
  }

  /** A placement with queued runs. */
  async somePlacement(): Promise<number> {
    const [row] = await this.dataSource.query<{ id: number }[]>(
      `SELECT placement_id AS id FROM runs WHERE placement_id IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1`,
    );
    return row!.id;
  }

  /** Connections of their own, which bare SQL uses. */
  async connect(count: number): Promise<pg.Client[]> {
    const clients = Array.from({ length: count }, () => new pg.Client({ connectionString: this.url }));
    for (const client of clients) {
      await client.connect();
      this.closers.push(() => client.end());
    }
    return clients;
  }

  /** What autovacuum does in the background at some time, done now. */
  async vacuum(): Promise<void> {
    await this.dataSource.query('VACUUM ANALYZE');
  }

  private async fill(runs: number): Promise<void> {
    // One more dataset, which no run uses.
    await this.dataSource.query(
      `INSERT INTO datasets (name, kind, classes, ignore_index, train_images, val_images, test_images, fingerprint)
       SELECT 'dataset ' || n, 'shapes', $1::jsonb, 255, 64, 16, 16, md5(n::text) FROM generate_series(0, $2::int) n`,
      [CLASSES, DATASETS],
    );
    await this.dataSource.query(
      `INSERT INTO runs (name, config, dataset_id, method, backbone, seed, priority, pool, engine, iterations)
       SELECT 'run ' || n, $1::jsonb, datasets.id, 'supervised', 'resnet18', n, n / ${PLACEMENTS} % 3, 'pool ' || n % ${POOLS},
         ($2::text[])[n / ${POOLS} % ${ENGINES.length} + 1], 1000
       FROM generate_series(0, $3::int - 1) n
       JOIN datasets ON datasets.name = 'dataset ' || n / ${POOLS * ENGINES.length} % ${DATASETS} ORDER BY n`,
      [CONFIG, ENGINES, runs],
    );
    await this.vacuum();
  }
}
