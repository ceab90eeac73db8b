import type { DataSource } from 'typeorm';
import { Role } from '../accounts/account.entity.js';
import type { AccountPrincipal } from '../auth/principal.js';
import { inTransaction, type Transaction } from '../database/transaction.js';
import { checkedName } from '../graphql/checks.js';
import { notFound, refusal } from '../graphql/errors.js';
import { isId } from '../graphql/ids.js';
import type { FieldNames } from '../runs/filter/field-names.js';
import type { RunFilters } from '../runs/filter/run-filters.js';
import { sortOf } from '../runs/order/run-sort.js';
import type { SavedFilter } from './saved-filter.entity.js';
import type { CreateSavedFilterInput, UpdateSavedFilterInput } from './saved-filters.inputs.js';
import type { SavedFiltersRepository } from './saved-filters.repository.js';

const MAX_NAME_LENGTH = 128;
const MAX_COLUMNS = 50;
/** Of one account. They are listed without pages. */
const MOST_FILTERS = 200;

/** Filters that people have saved, each owned by an account. */
export class SavedFiltersService {
  constructor(
    private readonly deps: {
      dataSource: DataSource;
      repository: SavedFiltersRepository;
      filters: RunFilters;
      names: FieldNames;
    },
  ) {}

  /** Those of the account and those that are shared, by name. */
  visibleTo({ accountId }: AccountPrincipal): Promise<SavedFilter[]> {
    return this.deps.repository.visibleTo(accountId);
  }

  /** Those with these ids that are visible to the account. */
  async byIds({ accountId }: AccountPrincipal, ids: readonly string[]): Promise<SavedFilter[]> {
    const filters = await this.deps.repository.byIds(ids);
    return filters.filter(({ ownerId, shared }) => shared || ownerId === accountId);
  }

  /** @throws BAD_USER_INPUT; CONFLICT for a name that a filter of the account has, or if it has too many */
  async create({ accountId }: AccountPrincipal, input: CreateSavedFilterInput): Promise<SavedFilter> {
    const { name, query, columns = [], sort = null, shared = false } = await this.checked(input);
    if (!name || !query) throw refusal('NAME_AND_QUERY');
    return this.stored(name, async (transaction) => {
      if ((await this.deps.repository.lockAndCount(transaction, accountId)) >= MOST_FILTERS) {
        throw refusal('TOO_MANY_SAVED_FILTERS', { most: MOST_FILTERS });
      }
      return this.deps.repository.insert(transaction, { ownerId: accountId, name, query, columns, sort, shared });
    });
  }

  /** @throws BAD_USER_INPUT, NOT_FOUND, CONFLICT; FORBIDDEN for a shared one of somebody else */
  async update(caller: AccountPrincipal, id: string, input: UpdateSavedFilterInput): Promise<SavedFilter> {
    const change = await this.checked(input);
    if (Object.keys(change).length === 0) throw refusal('NOTHING_TO_CHANGE');
    return this.stored(change.name ?? '', async (transaction) => {
      const filter = await this.lock(transaction, caller, id);
      await this.deps.repository.update(transaction, filter.id, change);
      return filter.id;
    });
  }

  /** @throws NOT_FOUND; FORBIDDEN for a shared one of somebody else */
  async delete(caller: AccountPrincipal, id: string): Promise<string> {
    await inTransaction(this.deps.dataSource, async (transaction) => {
      const filter = await this.lock(transaction, caller, id);
      await this.deps.repository.delete(transaction, filter.id);
    });
    return id;
  }

  /** Locks a filter that the caller may change. To others, one that is not shared does not exist. */
  private async lock(transaction: Transaction, caller: AccountPrincipal, id: string): Promise<SavedFilter> {
    const filter = isId(id) ? await this.deps.repository.lock(transaction, id) : null;
    if (filter && (filter.ownerId === caller.accountId || caller.role === Role.ADMIN)) return filter;
    if (!filter?.shared) throw notFound('saved filter', id);
    throw refusal('SAVED_FILTER_OF_OTHERS', { name: filter.name });
  }

  private stored(name: string, work: (transaction: Transaction) => Promise<string>): Promise<SavedFilter> {
    return inTransaction(this.deps.dataSource, async (transaction) => {
      const id = await work(transaction).catch((error: { constraint?: string }) => {
        if (error.constraint !== 'saved_filters_name') throw error;
        throw refusal('SAVED_FILTER_EXISTS', { name });
      });
      return (await this.deps.repository.byId(transaction, id))!;
    });
  }

  /** What is given, without what is null. @throws BAD_USER_INPUT */
  private async checked(input: UpdateSavedFilterInput) {
    const { name, query, columns, sort, shared } = input;
    if (typeof query === 'string') await this.checkQuery(query);
    if (columns && columns.length > MAX_COLUMNS) {
      throw refusal('TOO_MANY_ENTRIES', { field: 'columns', most: MAX_COLUMNS, count: columns.length });
    }
    if (columns) await this.deps.names.fields('columns', columns);
    if (sort?.trim()) await sortOf({ sort }, this.deps.names);
    return {
      ...(typeof name === 'string' && { name: checkedName(name, MAX_NAME_LENGTH) }),
      ...(typeof query === 'string' && { query: query.trim() }),
      ...(columns && { columns }),
      ...(typeof sort === 'string' && { sort: sort.trim() || null }),
      ...(typeof shared === 'boolean' && { shared }),
    };
  }

  private async checkQuery(query: string): Promise<void> {
    if (query.trim()) await this.deps.filters.condition({ query });
    else throw refusal('NOT_EMPTY', { field: 'query' });
  }
}
