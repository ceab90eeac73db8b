import type { DataSource } from 'typeorm';
import { EntityReader } from '../database/entity-reader.js';
import type { Transaction } from '../database/transaction.js';
import { Runner } from './runner.entity.js';
import type { RunnerInstanceInput } from './runner-instance.input.js';

/** What an agent reports about its machine. */
export type Machine = Pick<
  Runner,
  'name' | 'host' | 'engine' | 'device' | 'version' | 'protocolVersion' | 'configVersion' | 'pool' | 'slots'
> & {
  commit?: string | null;
  gpuMemoryBytes?: number | null;
};

export interface CurrentInstance {
  /** The runner's. */
  name: string;
  id: string;
  host: string;
  since: Date;
  silentSeconds: number;
}

export class RunnersRepository {
  private readonly reader: EntityReader<Runner>;

  constructor(private readonly dataSource: DataSource) {
    this.reader = new EntityReader(dataSource, Runner, 'runner');
  }

  /** Most recently seen first, then by name. */
  all(): Promise<Runner[]> {
    return this.dataSource.getRepository(Runner).find({ order: { lastSeenAt: 'DESC', name: 'ASC' } });
  }

  byIds(ids: readonly string[]): Promise<Runner[]> {
    return this.reader.find('runnersByIds', 'FROM runners runner WHERE runner.id = ANY ($1)', [ids]);
  }

  byId(transaction: Transaction, id: string): Promise<Runner | null> {
    return transaction.getRepository(Runner).findOneBy({ id });
  }

  /** The runner whose token has this hash, and for how long that is valid; null means always. */
  async byTokenHash(tokenHash: string): Promise<{ id: string; secondsLeft: number | null } | null> {
    const [row] = await this.dataSource.query<{ id: string; secondsLeft: number | null }[]>(
      `/* runnerByToken */ SELECT id, NULL::float8 AS "secondsLeft" FROM runners WHERE token_hash = $1
       UNION ALL
       SELECT id, extract(epoch FROM old_token_until - now())::float8 FROM runners
       WHERE old_token_hash = $1 AND old_token_until > now()`,
      [tokenHash],
    );
    return row ?? null;
  }

  async insert(transaction: Transaction, machine: Machine, tokenHash: string): Promise<string> {
    const result = await transaction.getRepository(Runner).insert({ ...columnsOf(machine), tokenHash });
    return result.identifiers[0]!.id as string;
  }

  async update(transaction: Transaction, id: string, machine: Machine): Promise<void> {
    await transaction
      .getRepository(Runner)
      .update({ id }, { ...columnsOf(machine), draining: false, problem: null, lastSeenAt: () => 'now()' });
  }

  lock(transaction: Transaction, id: string): Promise<Runner | null> {
    return transaction.getRepository(Runner).findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async set(transaction: Transaction, id: string, change: Partial<Runner>): Promise<void> {
    await transaction.getRepository(Runner).update({ id }, change);
  }

  /** Replaces the token. The old one stays valid for `overlapSeconds`; the one before it ends. */
  async rotateToken(transaction: Transaction, id: string, tokenHash: string, overlapSeconds: number): Promise<void> {
    await transaction.query(
      `/* rotateRunnerToken */ UPDATE runners SET token_hash = $2,
         old_token_hash = CASE WHEN $3 > 0 THEN token_hash END,
         old_token_until = CASE WHEN $3 > 0 THEN now() + make_interval(secs => $3) END
       WHERE id = $1`,
      [id, tokenHash, overlapSeconds],
    );
  }

  /** Updates `lastSeenAt`, at most once in `everySeconds`. Returns whether it did. */
  async touch(id: string, everySeconds: number): Promise<boolean> {
    const [, count] = await this.dataSource.query<[unknown, number]>(
      `/* touchRunner */ UPDATE runners SET last_seen_at = now()
       WHERE id = $1 AND last_seen_at < now() - make_interval(secs => $2)`,
      [id, everySeconds],
    );
    return count === 1;
  }

  /**
   * Makes the instance the runner's current one and updates `lastSeenAt`, at most once in `everySeconds`. Changes nothing
   * while another instance is current and was heard within `leaseSeconds`. Returns whether it changed the row.
   */
  async hold(id: string, instance: RunnerInstanceInput, everySeconds: number, leaseSeconds: number): Promise<boolean> {
    const [, count] = await this.dataSource.query<[unknown, number]>(
      `/* holdRunner */ UPDATE runners SET last_seen_at = now(), instance_id = $2, instance_host = $3,
         instance_since = CASE WHEN instance_id = $2 THEN instance_since ELSE now() END
       WHERE id = $1 AND CASE WHEN instance_id = $2 THEN last_seen_at < now() - make_interval(secs => $4)
         ELSE instance_id IS NULL OR last_seen_at < now() - make_interval(secs => $5) END`,
      [id, instance.id, instance.host, everySeconds, leaseSeconds],
    );
    return count === 1;
  }

  /** Returns whether this changed anything. */
  async setProblem(id: string, problem: string | null): Promise<boolean> {
    const [, count] = await this.dataSource.query<[unknown, number]>(
      `/* setRunnerProblem */ UPDATE runners SET problem = $2::text WHERE id = $1 AND problem IS DISTINCT FROM $2::text`,
      [id, problem],
    );
    return count === 1;
  }

  /** Ends the hold of an instance. Returns whether it was the current one. */
  async release(id: string, instanceId: string): Promise<boolean> {
    const { affected } = await this.dataSource
      .getRepository(Runner)
      .update({ id, instanceId }, { instanceId: null, instanceHost: null, instanceSince: null });
    return affected === 1;
  }

  /** The current instance, how long ago it was heard and since when it is the current one; null if there is none. */
  async instanceOf(id: string): Promise<CurrentInstance | null> {
    const [row] = await this.dataSource.query<CurrentInstance[]>(
      `/* instanceOfRunner */ SELECT name, instance_id AS id, instance_host AS host, instance_since AS since,
         extract(epoch FROM now() - last_seen_at)::float8 AS "silentSeconds"
       FROM runners WHERE id = $1 AND instance_id IS NOT NULL`,
      [id],
    );
    return row ?? null;
  }

  /** Runners whose silence reached `afterSeconds` within the last `windowSeconds`. */
  async fellSilent(afterSeconds: number, windowSeconds: number): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `/* runnersThatFellSilent */ SELECT id FROM runners
       WHERE last_seen_at BETWEEN now() - make_interval(secs => $1::float8 + $2::float8) AND now() - make_interval(secs => $1::float8)`,
      [afterSeconds, windowSeconds],
    );
    return rows.map(({ id }) => id);
  }

  async delete(transaction: Transaction, id: string): Promise<boolean> {
    const { affected } = await transaction.getRepository(Runner).delete({ id });
    return affected === 1;
  }
}

function columnsOf({ name, host, engine, device, pool, slots, gpuMemoryBytes, commit, ...versions }: Machine) {
  const { version, protocolVersion, configVersion } = versions;
  const machine = { name, host, engine, device, version, protocolVersion, configVersion, pool, slots };
  return { ...machine, commit: commit ?? null, gpuMemoryBytes: gpuMemoryBytes ?? null };
}
