import pg from 'pg';
import { REGISTRATION_TOKEN } from './callers.js';
import { BLOB, fill, restoreRunner, restoreSpares, runnerNamed, validConfig, type WorldSize } from './fill.js';
import { hashOf, idOf, SPARE_ROWS, type Spare } from './names.js';
import { forgetPeople, restorePeople } from './people.js';

/** Whom an input is for. */
export interface Use {
  operation: string;
  /** Calls with different numbers may be in progress at the same time. */
  worker: number;
  /** Whether the caller can get past the check of its token. If not, nothing has to be prepared. */
  reaches: boolean;
}

/** What the rows of the world are made for. */
interface Names {
  /** Each has a runner of its own. */
  operations: readonly string[];
  /** Each has an account with a token. */
  roles: readonly string[];
  /** Whether the server requires tokens. */
  auth: 'on' | 'off';
}

/** Ids of rows by their name in `fill.ts`, and what has to exist before a call. */
export class World {
  readonly config = validConfig();
  readonly registrationToken = REGISTRATION_TOKEN;
  readonly blob = { sha256: hashOf(BLOB), bytes: BLOB.length };
  private readonly used = new Map<Spare, number>();
  private readonly attempts = new Set<string>();

  private constructor(
    private readonly client: pg.Pool,
    private readonly names: Names,
    private readonly uploads: boolean,
  ) {}

  /** Fills a database that a server has migrated. */
  static async create(databaseUrl: string, names: Names, size: WorldSize): Promise<World> {
    const client = new pg.Pool({ connectionString: databaseUrl });
    const { rows } = await client.query<{ uploads: boolean }>(
      `SELECT to_regclass('blob_uploads') IS NOT NULL AS uploads`,
    );
    const world = new World(client, names, rows[0]!.uploads);
    await fill(client, size);
    await world.restore();
    return world;
  }

  close(): Promise<void> {
    return this.client.end();
  }

  id(name: string): string {
    return idOf(name);
  }

  /** A row that the call may delete or change. */
  spare(kind: Spare): string {
    const count = this.used.get(kind) ?? 0;
    this.used.set(kind, count + 1);
    return idOf(`${kind} ${count % SPARE_ROWS}`);
  }

  /** Undefined means the caller's own. Without tokens, the caller's account can have none. */
  get accountForTokens(): string | undefined {
    return this.names.auth === 'off' ? idOf(`account ${this.names.roles[0]}`) : undefined;
  }

  /** An attempt with fence 1 that the operation's runner holds and that has not reported yet. */
  async attempt({ operation, worker, reaches }: Use): Promise<string> {
    const name = `${operation} ${worker}`;
    const [attemptId, runId] = [idOf(`attempt of ${name}`), idOf(`run of ${name}`)];
    const runnerId = idOf(runnerNamed(operation));
    if (!reaches) return attemptId;
    if (!this.attempts.has(name)) await this.insertRun(runId, name);
    this.attempts.add(name);
    // The call before may have ended the attempt, and another runner may have claimed its run.
    await this.client.query('DELETE FROM attempts WHERE run_id = $1', [runId]);
    await this.client.query(`UPDATE runs SET state = 'RUNNING', step = 0, finished_at = NULL WHERE id = $1`, [runId]);
    await this.client.query(
      `INSERT INTO attempts (id, run_id, runner_id, fence, lease_until) VALUES ($1, $2, $3, 1, now() + interval '1 day')`,
      [attemptId, runId, runnerId],
    );
    if (this.uploads) await this.upload(attemptId, runnerId);
    return attemptId;
  }

  /** Deletes what calls have created and restores what they have used up. Nothing may be in progress. */
  async tidy(): Promise<void> {
    const created = `created_at > '2025-06-01'`;
    await this.client.query(`DELETE FROM runs WHERE ${created}`);
    await this.client.query(`DELETE FROM studies WHERE ${created}`);
    await this.client.query('DELETE FROM edits');
    await this.client.query(`DELETE FROM saved_filters WHERE ${created}`);
    await this.client.query(`DELETE FROM runners WHERE ${created}`);
    await this.client.query(`DELETE FROM datasets WHERE ${created}`);
    await this.client.query(`DELETE FROM tokens WHERE ${created} AND label <> 'from the environment'`);
    const claimed = [idOf(runnerNamed('claimRun'))];
    await this.client.query(
      `UPDATE runs SET state = 'QUEUED' WHERE id IN (SELECT run_id FROM attempts WHERE runner_id = $1)`,
      claimed,
    );
    await this.client.query('DELETE FROM attempts WHERE runner_id = $1', claimed);
    await forgetPeople(this.client, this.names.roles);
    await this.restore();
  }

  private async restore(): Promise<void> {
    await restoreSpares(this.client);
    await restorePeople(this.client, this.names.roles);
    for (const operation of this.names.operations) await restoreRunner(this.client, operation);
  }

  /** The attempt's upload of the blob that its reports name. */
  private async upload(attemptId: string, runnerId: string): Promise<void> {
    await this.client.query(
      `INSERT INTO blob_uploads (sha256, content_type, bytes, runner_id, attempt_id, completed_at)
       VALUES ($1, 'image/png', $2, $3, $4, now())`,
      [this.blob.sha256, this.blob.bytes, runnerId, attemptId],
    );
  }

  private async insertRun(id: string, name: string): Promise<void> {
    await this.client.query(
      `INSERT INTO runs (id, name, config, dataset_id, method, backbone, seed, pool, engine, iterations, created_at)
       VALUES ($1, $2, $3, $4, 'cps', 'resnet18', 0, 'default', 'any', 1000, '2025-01-01') ON CONFLICT (id) DO NOTHING`,
      [id, name, JSON.stringify(this.config), idOf('dataset')],
    );
  }
}
