import type { DataSource } from 'typeorm';
import { type Account, FIXED_ACCOUNTS, Role } from '../accounts/account.entity.js';
import type { AccountsService } from '../accounts/accounts.service.js';
import { inTransaction, type Transaction } from '../database/transaction.js';
import type { Events } from '../events/events.js';
import { checkRange } from '../graphql/checks.js';
import type { Connection, PageArgs } from '../graphql/connection.js';
import { notFound, refusal } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import type { CreateRegistrationTokenInput, NewToken } from './auth.types.js';
import type { AccountPrincipal } from './principal.js';
import { hashSecret, newSecret } from './secrets.js';
import { type Token, TokenKind, TokenSource } from './token.entity.js';
import type { NewTokenRow, TokensRepository } from './tokens.repository.js';

const MAX_LABEL_LENGTH = 128;
const MAX_EXPIRY_SECONDS = 10 * 365 * 86_400;
/** How long a token may stay valid after it was rotated. */
const MAX_OVERLAP_SECONDS = 7 * 86_400;

/** The variable that each kind of token is adopted from. */
const VARIABLES = {
  [TokenKind.USER]: 'CROSSCHECK_USER_TOKEN',
  [TokenKind.REGISTRATION]: 'CROSSCHECK_REGISTRATION_TOKEN',
};

/** Who manages tokens: an account, or null for the command line, which may do everything. */
export type Manager = Pick<AccountPrincipal, 'accountId' | 'role' | 'tokenId'> | null;

/** Creates, lists and ends user and registration tokens. */
export class TokensService {
  constructor(
    private readonly deps: {
      dataSource: DataSource;
      events: Events;
      repository: TokensRepository;
      accounts: AccountsService;
    },
  ) {}

  /** Newest first. Without `accountId`, an admin gets all tokens, and everybody else their own. @throws FORBIDDEN */
  async page(
    manager: Manager,
    filter: { accountId?: string | null; ended: boolean },
    args: PageArgs,
  ): Promise<Connection<Token>> {
    const accountId = filter.accountId ?? (isAdmin(manager) ? null : manager!.accountId);
    if (!isAdmin(manager) && accountId !== manager!.accountId) {
      throw refusal('TOKENS_OF_OTHERS');
    }
    if (accountId !== null) await this.deps.accounts.byId(accountId);
    return this.deps.repository.page({ accountId, ended: filter.ended }, args);
  }

  /** The tokens with these ids that the manager may see: an admin all, everybody else their own. */
  async byIds(manager: Manager, ids: readonly string[]): Promise<Token[]> {
    const tokens = await this.deps.repository.byIds(ids);
    return tokens.filter(({ accountId }) => isAdmin(manager) || accountId === manager!.accountId);
  }

  /**
   * Creates a token of the manager's own account or, for an admin, of any. Unless an admin creates it, it does not outlive the
   * token that it is created with. @throws FORBIDDEN, NOT_FOUND, CONFLICT
   */
  async createFor(
    manager: Manager,
    accountId: string,
    input: { label: string; expiresInSeconds?: number | null },
  ): Promise<NewToken> {
    if (!isAdmin(manager) && accountId !== manager!.accountId) {
      throw refusal('TOKEN_FOR_OTHERS');
    }
    const account = await this.deps.accounts.byId(accountId);
    if (account.id === FIXED_ACCOUNTS.local.id) {
      throw refusal('ACCOUNT_WITHOUT_TOKENS');
    }
    if (account.disabledAt) throw refusal('ACCOUNT_DISABLED', { name: account.name });
    return this.create(TokenKind.USER, { ...input, accountId: account.id }, manager);
  }

  /** The account for a token whose creator names none: the one called like its label, created if there is none. */
  async accountForLabel(label: string): Promise<Account> {
    checkLabel(label);
    return this.deps.accounts.ofLabel(label);
  }

  createRegistration(manager: Manager, input: CreateRegistrationTokenInput): Promise<NewToken> {
    return this.create(TokenKind.REGISTRATION, { ...input, accountId: null }, manager);
  }

  /**
   * Replaces a token by a new one with the same account, label, number of uses and lifetime. The old one ends now, or
   * after `overlapSeconds`. Unless an admin rotates it, the new one does not outlive the token that was sent.
   * @throws NOT_FOUND, BAD_USER_INPUT; CONFLICT if the token has ended or comes from the environment
   */
  rotate(manager: Manager, id: string, overlapSeconds: number): Promise<NewToken> {
    checkOverlap(overlapSeconds);
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const old = await this.lock(transaction, manager, id);
      if (old.source === TokenSource.ENVIRONMENT) {
        throw refusal('TOKEN_OF_ENVIRONMENT', { variable: VARIABLES[old.kind] });
      }
      if (old.revokedAt || old.usesLeft === 0 || (old.expiresAt && old.expiresAt < new Date())) {
        throw refusal('TOKEN_ENDED', { label: old.label });
      }
      const { kind, label, accountId, usesLeft: uses } = old;
      const lifetime = old.expiresAt && Math.round((old.expiresAt.getTime() - old.createdAt.getTime()) / 1000);
      const secret = newSecret(kind);
      const createdBy = manager?.accountId ?? null;
      const limits = { uses, expiresInSeconds: lifetime, noLaterThan: limitOf(manager) };
      const row = { kind, label, accountId, createdBy, hash: hashSecret(secret), ...limits };
      const { id: newId, expiresAt } = await this.deps.repository.insert(transaction, row);
      if (overlapSeconds > 0) await this.deps.repository.expireIn(transaction, old.id, overlapSeconds);
      else await this.deps.repository.revoke(transaction, old.id);
      await this.publishEnded(transaction, [old.id]);
      return { id: newId, token: secret, expiresAt };
    });
  }

  /** Ends a token, and closes its sockets. A token that is revoked already does not change. @throws NOT_FOUND */
  revoke(manager: Manager, id: string): Promise<Token> {
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const token = await this.lock(transaction, manager, id);
      await this.deps.repository.revoke(transaction, token.id);
      await this.publishEnded(transaction, [token.id]);
      return (await this.deps.repository.byId(transaction, token.id))!;
    });
  }

  /** Accepts a token from the environment, as docker-compose sets it, in place of the one that was there before. */
  async adopt(kind: TokenKind, secret: string): Promise<void> {
    const accountId = kind === TokenKind.USER ? FIXED_ACCOUNTS.admin.id : null;
    const token = { kind, label: 'from the environment', hash: hashSecret(secret), accountId };
    await inTransaction(this.deps.dataSource, async (transaction) => {
      await this.publishEnded(transaction, await this.deps.repository.adopt(transaction, token));
    });
  }

  /** Only the hash is stored, so the secret can be read only from the result. @throws BAD_USER_INPUT */
  private async create(
    kind: TokenKind,
    { accountId, ...input }: CreateRegistrationTokenInput & { accountId: string | null },
    manager: Manager,
  ): Promise<NewToken> {
    const { label, uses = null, expiresInSeconds = null } = input;
    checkLabel(label);
    if (uses !== null && uses < 1) throw refusal('TOO_SMALL', { field: 'uses', min: 1, value: uses });
    if (expiresInSeconds !== null) checkRange('expiresInSeconds', expiresInSeconds, 1, MAX_EXPIRY_SECONDS);
    const token = newSecret(kind);
    const createdBy = manager?.accountId ?? null;
    const limits = { uses, expiresInSeconds, noLaterThan: limitOf(manager) };
    const row: NewTokenRow = { kind, label, accountId, createdBy, hash: hashSecret(token), ...limits };
    const { id, expiresAt } = await this.deps.repository.insert(this.deps.dataSource.manager, row);
    return { id, token, expiresAt };
  }

  /** Locks a token that the manager may end. To everybody else, it does not exist. @throws NOT_FOUND */
  private async lock(transaction: Transaction, manager: Manager, id: string): Promise<Token> {
    const token = isId(id) ? await this.deps.repository.lock(transaction, id) : null;
    if (token && (isAdmin(manager) || token.accountId === manager!.accountId)) return token;
    throw notFound('token', id.slice(0, 80));
  }

  /** Tells every server, when the transaction commits. */
  private async publishEnded(transaction: Transaction, ids: string[]): Promise<void> {
    for (const id of ids) await this.deps.events.publish(transaction, 'access.changed', { id });
  }
}

const isAdmin = (manager: Manager): boolean => manager === null || manager.role === Role.ADMIN;

/** The token that the manager's new tokens may not outlive; null if there is none. */
const limitOf = (manager: Manager): string | null => (isAdmin(manager) ? null : manager!.tokenId);

/** @throws BAD_USER_INPUT for a time that an old token may not stay valid */
export const checkOverlap = (seconds: number): void => checkRange('overlapSeconds', seconds, 0, MAX_OVERLAP_SECONDS);

/** @throws BAD_USER_INPUT */
function checkLabel(label: string): void {
  if (label.trim() && label.length <= MAX_LABEL_LENGTH && !/[\0\p{Cs}]/u.test(label)) return;
  throw refusal('LENGTH_OUT_OF_RANGE', { field: 'label', most: MAX_LABEL_LENGTH, value: label });
}
