import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { Account } from '../accounts/account.entity.js';
import type { AccountsService } from '../accounts/accounts.service.js';
import type { Context } from '../context.js';
import { type Connection, connectionOf, PageArgs } from '../graphql/connection.js';
import { accountOf } from './principal.js';
import { Token } from './token.entity.js';
import type { TokensService } from './tokens.service.js';

const TokenConnection = connectionOf(Token, 'Token');

@Resolver(() => Token)
export class TokensResolver {
  constructor(
    private readonly services: {
      accounts: AccountsService;
      tokens: TokensService;
    },
  ) {}

  @Query(() => TokenConnection, {
    description:
      'User and registration tokens, newest first, without their secrets. An ADMIN gets all of them, everybody else their ' +
      'own. Needs the role VIEWER.',
  })
  tokens(
    @Arg('accountId', () => ID, {
      nullable: true,
      description:
        "Only tokens of this account; null means all that the caller may see. NOT_FOUND if it doesn't exist.",
    })
    accountId: string | null,
    @Arg('ended', () => Boolean, {
      defaultValue: false,
      description: 'Whether to include tokens that were revoked, have expired or are used up.',
    })
    ended: boolean,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { principal }: Context,
  ): Promise<Connection<Token>> {
    return this.services.tokens.page(accountOf(principal), { accountId, ended }, page);
  }

  @FieldResolver(() => Account, {
    nullable: true,
    description: 'Account that the token belongs to; null for a registration token.',
  })
  async account(@Root() { accountId }: Token, @Ctx() context: Context): Promise<Account | null> {
    return accountId ? this.services.accounts.load(context, accountId) : null;
  }

  @FieldResolver(() => Account, {
    nullable: true,
    description: 'Account that created the token; null for the environment, the command line and earlier versions.',
  })
  async createdBy(@Root() { createdBy }: Token, @Ctx() context: Context): Promise<Account | null> {
    return createdBy ? this.services.accounts.load(context, createdBy) : null;
  }
}
