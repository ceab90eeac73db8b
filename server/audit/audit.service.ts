import { isIP } from 'node:net';
import type { Connection, PageArgs } from '../graphql/connection.js';
import type { Logger } from '../logger.js';
import type { AuditFilter } from './audit.inputs.js';
import type { AuditRepository } from './audit.repository.js';
import type { AuditEntry } from './audit-entry.entity.js';
import type { AuditChange } from './changes.js';
import { recordedArguments, targetsOf } from './recorded.js';

/** A mutation that has ended, as the caller and the server saw it. */
export interface AuditedCall {
  operation: string;
  accountId: string | null;
  /** May still have to be looked up. */
  tokenId: string | null | Promise<string | null>;
  address: string | null;
  args: Record<string, unknown>;
  /** The fields that it has changed, if it reports them. */
  changes?: AuditChange[];
  /** What it returned; undefined if it failed. */
  result: unknown;
  /** `OK`, or the code of an error. */
  outcome: string;
}

export class AuditService {
  constructor(
    private readonly deps: {
      repository: AuditRepository;
      logger: Logger;
    },
  ) {}

  /**
   * Records what has happened. If the database cannot store it, the whole entry goes to the server's log as an error: the
   * mutation itself has already been committed, and its caller must not be told that it failed. A registration whose input
   * is refused before its unknown token is looked up leaves no entry.
   */
  async record({ operation, accountId, tokenId, address, args, changes, result, outcome }: AuditedCall): Promise<void> {
    const registered = operation === 'registerRunner' ? targetsOf(operation, {}, result)[0] : undefined;
    const entry = {
      accountId,
      operation,
      runnerId: registered ?? null,
      address: plainAddress(address),
      targets: targetsOf(operation, args, result),
      arguments: recordedArguments(operation, args),
      changes: changes ?? [],
      outcome,
    };
    try {
      const known = await tokenId;
      // Unknown tokens are counted per address when they are looked up, which ends with UNAUTHENTICATED. Anything that is
      // refused before that is not counted, and must not fill the log.
      const isStranger = operation === 'registerRunner' && accountId === null && known === null;
      if (isStranger && outcome !== 'UNAUTHENTICATED') return;
      await this.deps.repository.insert({ ...entry, tokenId: known });
    } catch (error) {
      this.deps.logger.error({ err: error, entry }, 'an entry of the audit log could not be stored');
    }
  }

  /** Newest first. @throws BAD_USER_INPUT for an invalid page */
  page(filter: AuditFilter, args: PageArgs): Promise<Connection<AuditEntry>> {
    return this.deps.repository.page(filter, args);
  }

  deleteOlderThan(days: number): Promise<number> {
    return this.deps.repository.deleteOlderThan(days);
  }
}

/** An address that Postgres accepts as inet: without the zone of a link-local one. */
function plainAddress(address: string | null): string | null {
  const plain = address?.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/, '') ?? '';
  return isIP(plain) ? plain : null;
}
