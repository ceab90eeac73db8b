import type { DataSource } from 'typeorm';
import type { Transaction } from '../database/transaction.js';
import { Token, type TokenKind } from './token.entity.js';

export interface NewTokenRow {
  kind: TokenKind;
  label: string;
  hash: string;
  /** null means without limit. */
  uses: number | null;
  expiresInSeconds: number | null;
}

export class TokensRepository {
  constructor(private readonly dataSource: DataSource) {}

  async insert({ kind, label, hash, uses, expiresInSeconds }: NewTokenRow): Promise<Token> {
    const [{ id }] = await this.dataSource.query<[{ id: string }]>(
      `/* insertToken */ INSERT INTO tokens (kind, label, hash, uses_left, expires_at)
       VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5)) RETURNING id`,
      [kind, label, hash, uses, expiresInSeconds],
    );
    return this.dataSource.getRepository(Token).findOneByOrFail({ id });
  }

  /** Makes the token valid, even if it has expired or was used up since an earlier start. */
  async insertOrRenew(kind: TokenKind, label: string, hash: string): Promise<void> {
    await this.dataSource.query(
      `/* insertOrRenewToken */ INSERT INTO tokens (kind, label, hash) VALUES ($1, $2, $3)
       ON CONFLICT (hash) DO UPDATE SET kind = $1, label = $2, uses_left = NULL, expires_at = NULL`,
      [kind, label, hash],
    );
  }

  /** The label of a valid user token. */
  async userLabel(hash: string): Promise<string | null> {
    const [row] = await this.dataSource.query<{ label: string }[]>(
      `/* userToken */ SELECT label FROM tokens
       WHERE hash = $1 AND kind = 'user' AND (expires_at IS NULL OR expires_at > now())`,
      [hash],
    );
    return row?.label ?? null;
  }

  /** Uses a registration token once. False if it is unknown, expired or used up. */
  async useRegistration(transaction: Transaction, hash: string): Promise<boolean> {
    const [, count] = await transaction.query<[unknown, number]>(
      `/* useRegistrationToken */ UPDATE tokens SET uses_left = uses_left - 1
       WHERE hash = $1 AND kind = 'registration' AND (expires_at IS NULL OR expires_at > now())
         AND (uses_left IS NULL OR uses_left > 0)`,
      [hash],
    );
    return count === 1;
  }
}
