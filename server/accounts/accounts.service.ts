import type { DataSource } from 'typeorm';
import { type Context, inOrder } from '../context.js';
import { inTransaction, type Transaction } from '../database/transaction.js';
import type { Events } from '../events/events.js';
import { notFound, refusal } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import { type Account, FIXED_ACCOUNTS, Role } from './account.entity.js';
import type { AccountsRepository } from './accounts.repository.js';

const MAX_NAME_LENGTH = 128;
const MAX_SHARE = 1000;
/** Control characters, and halves of a surrogate pair, which Postgres cannot store. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

export interface AccountChange {
  role?: Role | null;
  share?: number | null;
  disabled?: boolean | null;
}

export class AccountsService {
  constructor(
    private readonly deps: {
      dataSource: DataSource;
      events: Events;
      repository: AccountsRepository;
    },
  ) {}

  /** By name. */
  all(): Promise<Account[]> {
    return this.deps.repository.all();
  }

  /** @throws NOT_FOUND */
  async byId(id: string, transaction?: Transaction): Promise<Account> {
    const account = isId(id) ? await this.deps.repository.byId(id, transaction) : null;
    if (!account) throw notFound('account', shortened(id));
    return account;
  }

  /** Ignores case. @throws NOT_FOUND */
  async byName(name: string): Promise<Account> {
    const account = await this.deps.repository.byName(name);
    if (!account) throw notFound('account called', shortened(name));
    return account;
  }

  load(context: Context, id: string): Promise<Account | null> {
    return context.loaders
      .of<Account>('accounts', async (ids) => inOrder(ids, await this.deps.repository.byIds(ids), ({ id }) => id))
      .load(id);
  }

  /** @throws BAD_USER_INPUT, or CONFLICT if the name is taken */
  create(name: string, role: Role, share = 1): Promise<Account> {
    const account = { name: checkName(name), role, share: checkShare(share) };
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const created = await this.deps.repository.insert(transaction, account);
      if (!created) throw refusal('ACCOUNT_EXISTS', { name: account.name });
      return (await this.deps.repository.byName(account.name, transaction))!;
    });
  }

  /**
   * The account that tokens with this label belong to, created as a MEMBER if there is none. This is how tokens were told
   * apart before there were accounts. A label never names one of the fixed accounts.
   */
  ofLabel(label: string): Promise<Account> {
    const name = checkName(label);
    const isFixed = Object.keys(FIXED_ACCOUNTS).includes(name.toLowerCase());
    return this.ensure(isFixed ? `${name} (token)` : name);
  }

  /** The account of this name, created as a MEMBER if there is none. @throws BAD_USER_INPUT */
  ensure(name: string): Promise<Account> {
    const account = { name: checkName(name), role: Role.MEMBER, share: 1 };
    return inTransaction(this.deps.dataSource, async (transaction) => {
      await this.deps.repository.insert(transaction, account);
      return (await this.deps.repository.byName(account.name, transaction))!;
    });
  }

  /** Changes what is given. Closes the sockets of an account that is disabled. @throws NOT_FOUND, BAD_USER_INPUT, CONFLICT */
  update(id: string, { role, share, disabled }: AccountChange): Promise<Account> {
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const account = await this.byId(id, transaction);
      const isFixed = Object.values(FIXED_ACCOUNTS).some((fixed) => fixed.id === account.id);
      if (isFixed && ((role && role !== account.role) || disabled)) {
        throw refusal('ACCOUNT_FIXED', { name: account.name });
      }
      const change = { ...(role && { role }), ...(share != null && { share: checkShare(share) }) };
      if (Object.keys(change).length > 0) await this.deps.repository.update(transaction, account.id, change);
      if (disabled != null) await this.deps.repository.setDisabled(transaction, account.id, disabled);
      await this.deps.events.publish(transaction, 'access.changed', { id: account.id });
      return this.byId(account.id, transaction);
    });
  }
}

function checkName(name: string): string {
  const trimmed = name.trim();
  if (trimmed && trimmed.length <= MAX_NAME_LENGTH && !UNPRINTABLE.test(trimmed)) return trimmed;
  throw refusal('ACCOUNT_NAME_INVALID', { most: MAX_NAME_LENGTH, value: name });
}

function checkShare(share: number): number {
  if (share > 0 && share <= MAX_SHARE) return share;
  throw refusal('NOT_POSITIVE', { field: 'share', max: MAX_SHARE, value: share });
}

const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text);
