import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Account } from '../accounts/account.entity.js';
import type { AccountsService } from '../accounts/accounts.service.js';
import { accountOf } from '../auth/principal.js';
import type { Context } from '../context.js';
import { SavedFilter } from './saved-filter.entity.js';
import { CreateSavedFilterInput, UpdateSavedFilterInput } from './saved-filters.inputs.js';
import type { SavedFiltersService } from './saved-filters.service.js';

@Resolver(() => SavedFilter)
export class SavedFiltersResolver {
  constructor(
    private readonly services: {
      accounts: AccountsService;
      savedFilters: SavedFiltersService;
    },
  ) {}

  @Query(() => [SavedFilter], {
    description: 'Filters that the account has saved, and those that others share, by name.',
  })
  savedFilters(@Ctx() { principal }: Context): Promise<SavedFilter[]> {
    return this.services.savedFilters.visibleTo(accountOf(principal));
  }

  @FieldResolver(() => Account, { description: 'Account that saved it.' })
  async owner(@Root() { ownerId }: SavedFilter, @Ctx() context: Context): Promise<Account> {
    return (await this.services.accounts.load(context, ownerId))!;
  }

  @Mutation(() => SavedFilter, { description: 'Saves a filter for the account, at most 200.' })
  createSavedFilter(
    @Arg('input', () => CreateSavedFilterInput, { description: 'Its name and text.' }) input: CreateSavedFilterInput,
    @Ctx() { principal }: Context,
  ): Promise<SavedFilter> {
    return this.services.savedFilters.create(accountOf(principal), input);
  }

  @Mutation(() => SavedFilter, {
    description:
      'Changes a saved filter of the account; an ADMIN changes any. FORBIDDEN for a filter that another account ' +
      'shares.',
  })
  updateSavedFilter(
    @Arg('id', () => ID, { description: 'Filter to change. NOT_FOUND if the account does not see it.' }) id: string,
    @Arg('input', () => UpdateSavedFilterInput, { description: 'What to change.' }) input: UpdateSavedFilterInput,
    @Ctx() { principal }: Context,
  ): Promise<SavedFilter> {
    return this.services.savedFilters.update(accountOf(principal), id, input);
  }

  @Mutation(() => ID, {
    description:
      'Deletes a saved filter of the account, and returns its id; an ADMIN deletes any. FORBIDDEN for a filter ' +
      'that another account shares.',
  })
  deleteSavedFilter(
    @Arg('id', () => ID, { description: 'Filter to delete. NOT_FOUND if the account does not see it.' }) id: string,
    @Ctx() { principal }: Context,
  ): Promise<string> {
    return this.services.savedFilters.delete(accountOf(principal), id);
  }
}
