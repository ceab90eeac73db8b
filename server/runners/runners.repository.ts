import type { DataSource } from 'typeorm';
import type { Transaction } from '../database/transaction.js';
import { Runner } from './runner.entity.js';
import type { RunnerInstanceInput } from './runner-instance.input.js';

/** What an agent reports about its machine. */
export type Machine = Pick<
  Runner,
  'name' | 'host' | 'engine' | 'device' | 'version' | 'protocolVersion' | 'configVersion' | 'pool' | 'slots'
> & {
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
  constructor(private readonly dataSource: DataSource) {}

  /** Most recently seen first, then by name. */
  all(): Promise<Runner[]> {
    return this.dataSource.getRepository(Runner).find({ order: { lastSeenAt: 'DESC', name: 'ASC' } });
  }

  byIds(ids: readonly string[]): Promise<Runner[]> {
    return this.dataSource
      .createQueryBuilder(Runner, 'runner')
      .where('runner.id = ANY(:ids)', { ids: [...ids] })
      .getMany();
  }

  byId(transaction: Transaction, id: string): Promise<Runner | null> {
    return transaction.getRepository(Runner).findOneBy({ id });
  }

  async idByTokenHash(tokenHash: string): Promise<string | null> {
    const runner = await this.dataSource.getRepository(Runner).findOne({ select: { id: true }, where: { tokenHash } });
    return runner?.id ?? null;
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

  async setDraining(transaction: Transaction, id: string): Promise<boolean> {
    const { affected } = await transaction.getRepository(Runner).update({ id }, { draining: true });
    return affected === 1;
  }

  async setSlotLimit(transaction: Transaction, id: string, slotLimit: number): Promise<boolean> {
    const { affected } = await transaction.getRepository(Runner).update({ id }, { slotLimit });
    return affected === 1;
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

function columnsOf({ name, host, engine, device, version, pool, slots, gpuMemoryBytes, ...versions }: Machine) {
  const { protocolVersion, configVersion } = versions;
  const machine = { name, host, engine, device, version, protocolVersion, configVersion, pool, slots };
  return { ...machine, gpuMemoryBytes: gpuMemoryBytes ?? null };
}
