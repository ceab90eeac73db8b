import type { DataSource } from 'typeorm';
import type { Role } from '../accounts/account.entity.js';
import type { Transaction } from '../database/transaction.js';
import type { Connection, PageArgs } from '../graphql/connection.js';
import { type RowOrder, sqlConnection } from '../graphql/sql-connection.js';
import { Token, type TokenKind, TokenSource } from './token.entity.js';

export interface NewTokenRow {
  kind: TokenKind;
  label: string;
  hash: string;
  /** null for a registration token. */
  accountId: string | null;
  createdBy: string | null;
  /** null means without limit. */
  uses: number | null;
  expiresInSeconds: number | null;
  /** Id of the token that it may not outlive; null if there is none. */
  noLaterThan: string | null;
}

/** A user token and its account, whether or not they are still valid. */
export interface UserTokenRow {
  tokenId: string;
  accountId: string;
  name: string;
  role: Role;
  /** By the clock of the database, so that clocks of servers do not matter. Negative if it has expired; null means never. */
  secondsLeft: number | null;
  revoked: boolean;
  disabled: boolean;
  /** Whether the stored time of the last use is more than a minute old. */
  useIsOld: boolean;
}

/** The order of tokens. There is only one. */
const NEWEST_FIRST: RowOrder = {
  order: 'TOKEN CREATED_AT DESC',
  direction: 'DESC',
  expression: 'token.created_at',
  type: 'timestamptz',
  id: 'token.id',
};

/** An arbitrary number: servers that adopt tokens from their environment wait for each other. */
const ADOPT_LOCK = 7_264_316;

export class TokensRepository {
  constructor(private readonly dataSource: DataSource) {}

  async insert(transaction: Transaction, row: NewTokenRow): Promise<Token> {
    const { kind, label, hash, accountId, createdBy, uses, expiresInSeconds, noLaterThan } = row;
    const [{ id }] = await transaction.query<[{ id: string }]>(
      `/* insertToken */ INSERT INTO tokens (kind, label, hash, account_id, created_by, uses_left, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6,
         -- least() ignores nulls, which mean never.
         least(now() + make_interval(secs => $7), (SELECT expires_at FROM tokens WHERE id = $8)))
       RETURNING id`,
      [kind, label, hash, accountId, createdBy, uses, expiresInSeconds, noLaterThan],
    );
    return transaction.getRepository(Token).findOneByOrFail({ id });
  }

  /**
   * Stores the token of the environment, valid even if it has expired, was used up or revoked since an earlier start, and
   * revokes its predecessors. Returns the ids of those.
   */
  async adopt(
    transaction: Transaction,
    token: Pick<Token, 'kind' | 'label' | 'hash' | 'accountId'>,
  ): Promise<string[]> {
    const { kind, label, hash, accountId } = token;
    await transaction.query('SELECT pg_advisory_xact_lock($1)', [ADOPT_LOCK]);
    await transaction.query(
      `/* adoptToken */ INSERT INTO tokens (kind, label, hash, account_id, source) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (hash) DO UPDATE SET kind = $1, label = $2, account_id = $4, source = $5,
         uses_left = NULL, expires_at = NULL, revoked_at = NULL`,
      [kind, label, hash, accountId, TokenSource.ENVIRONMENT],
    );
    const [rows] = await transaction.query<[{ id: string }[], number]>(
      `/* revokePredecessors */ UPDATE tokens SET revoked_at = now()
       WHERE source = $1 AND kind = $2 AND hash <> $3 AND revoked_at IS NULL RETURNING id`,
      [TokenSource.ENVIRONMENT, kind, hash],
    );
    return rows.map(({ id }) => id);
  }

  async userToken(hash: string): Promise<UserTokenRow | null> {
    const [row] = await this.dataSource.query<UserTokenRow[]>(
      `/* userToken */ SELECT tokens.id AS "tokenId", accounts.id AS "accountId", accounts.name, accounts.role,
         extract(epoch FROM expires_at - now())::float8 AS "secondsLeft",
         revoked_at IS NOT NULL AS revoked, disabled_at IS NOT NULL AS disabled,
         last_used_at IS NULL OR last_used_at < now() - interval '1 minute' AS "useIsOld"
       FROM tokens JOIN accounts ON accounts.id = account_id WHERE hash = $1 AND kind = 'user'`,
      [hash],
    );
    return row ?? null;
  }

  async markUsed(id: string): Promise<void> {
    await this.dataSource.query('/* markTokenUsed */ UPDATE tokens SET last_used_at = now() WHERE id = $1', [id]);
  }

  /** Uses a registration token once. False if it is unknown, expired, revoked or used up. */
  async useRegistration(transaction: Transaction, hash: string): Promise<boolean> {
    const [, count] = await transaction.query<[unknown, number]>(
      `/* useRegistrationToken */ UPDATE tokens SET uses_left = uses_left - 1, last_used_at = now()
       WHERE hash = $1 AND kind = 'registration' AND revoked_at IS NULL
         AND (expires_at IS NULL OR expires_at > now()) AND (uses_left IS NULL OR uses_left > 0)`,
      [hash],
    );
    return count === 1;
  }

  async idByHash(hash: string): Promise<string | null> {
    const token = await this.dataSource.getRepository(Token).findOne({ select: { id: true }, where: { hash } });
    return token?.id ?? null;
  }

  /** Locks the token within the transaction. */
  lock(transaction: Transaction, id: string): Promise<Token | null> {
    return transaction.getRepository(Token).findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  byId(transaction: Transaction, id: string): Promise<Token | null> {
    return transaction.getRepository(Token).findOneBy({ id });
  }

  byIds(ids: readonly string[]): Promise<Token[]> {
    return this.dataSource
      .createQueryBuilder(Token, 'token')
      .where('token.id = ANY(:ids)', { ids: [...ids] })
      .getMany();
  }

  /** Ends the token now. Keeps the time of a token that is revoked already. */
  async revoke(transaction: Transaction, id: string): Promise<void> {
    await transaction.query(
      '/* revokeToken */ UPDATE tokens SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1',
      [id],
    );
  }

  /** Lets the token expire after this time, unless it expires before. */
  async expireIn(transaction: Transaction, id: string, seconds: number): Promise<void> {
    await transaction.query(
      `/* expireToken */ UPDATE tokens SET expires_at = least(expires_at, now() + make_interval(secs => $2)) WHERE id = $1`,
      [id, seconds],
    );
  }

  /** Newest first. `accountId` null means all tokens. @throws BAD_USER_INPUT for an invalid page */
  page({ accountId, ended }: { accountId: string | null; ended: boolean }, args: PageArgs): Promise<Connection<Token>> {
    const query = this.dataSource.createQueryBuilder(Token, 'token');
    if (accountId !== null) query.andWhere('token.account_id = :accountId', { accountId });
    if (!ended) {
      query.andWhere('token.revoked_at IS NULL AND (token.expires_at IS NULL OR token.expires_at > now())');
      query.andWhere('(token.uses_left IS NULL OR token.uses_left > 0)');
    }
    return sqlConnection(query, NEWEST_FIRST, args);
  }
}
