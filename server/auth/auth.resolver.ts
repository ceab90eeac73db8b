import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { Account, FIXED_ACCOUNTS } from '../accounts/account.entity.js';
import type { AccountsService } from '../accounts/accounts.service.js';
import type { Context } from '../context.js';
import { CreateRegistrationTokenInput, NewToken } from './auth.types.js';
import { accountOf } from './principal.js';
import { Token } from './token.entity.js';
import type { TokensService } from './tokens.service.js';

@Resolver()
export class AuthResolver {
  constructor(
    private readonly services: {
      accounts: AccountsService;
      tokens: TokensService;
    },
  ) {}

  @Query(() => Account, {
    description:
      'The account whose token was sent; `local` on a server that requires no tokens. Needs the role VIEWER.',
  })
  me(@Ctx() { principal }: Context): Promise<Account> {
    return this.services.accounts.byId(accountOf(principal).accountId);
  }

  @Mutation(() => NewToken, {
    description:
      'Creates a token for a person or a script. Unless an ADMIN creates it, it expires no later than the token that the ' +
      'request was sent with. Needs the role MEMBER.',
  })
  createToken(
    @Arg('accountId', () => ID, {
      nullable: true,
      description: "Account that the token belongs to; null means the caller's own. Any other needs the role ADMIN.",
    })
    accountId: string | null,
    @Arg('label', () => String, { description: 'What the token is for: a text of 1 to 128 characters.' }) label: string,
    @Arg('expiresInSeconds', () => Int, {
      nullable: true,
      description: 'Seconds until it expires, at most 315,360,000 (ten years); null means never.',
    })
    expiresInSeconds: number | null,
    @Ctx() { principal }: Context,
  ): Promise<NewToken> {
    const manager = accountOf(principal);
    return this.services.tokens.createFor(manager, accountId ?? manager.accountId, { label, expiresInSeconds });
  }

  @Mutation(() => NewToken, {
    description:
      'Replaces a token by a new one with the same account, label, uses and lifetime. Unless an ADMIN rotates it, the new ' +
      'one expires no later than the token that the request was sent with. CONFLICT if the old one has ended or ' +
      "comes from the server's environment. Needs the role MEMBER, and ADMIN for all but the caller's own tokens.",
  })
  rotateToken(
    @Arg('id', () => ID, { description: 'Token to replace. NOT_FOUND if the caller has no such token.' }) id: string,
    @Arg('overlapSeconds', () => Int, {
      defaultValue: 0,
      description: 'How long the old token stays valid, at most 604,800 (7 days). With 0, it ends at once.',
    })
    overlapSeconds: number,
    @Ctx() { principal }: Context,
  ): Promise<NewToken> {
    return this.services.tokens.rotate(accountOf(principal), id, overlapSeconds);
  }

  @Mutation(() => Token, {
    description:
      'Ends a token and closes its WebSockets within a second. A token from the environment becomes valid again when a ' +
      "server starts with it. Needs the role MEMBER, and ADMIN for all but the caller's own tokens.",
  })
  revokeToken(
    @Arg('id', () => ID, { description: 'Token to revoke. NOT_FOUND if the caller has no such token.' }) id: string,
    @Ctx() { principal }: Context,
  ): Promise<Token> {
    return this.services.tokens.revoke(accountOf(principal), id);
  }

  @Mutation(() => NewToken, {
    description: 'Creates a token that lets machines register as runners. Needs the role ADMIN.',
  })
  createRegistrationToken(
    @Arg('input', () => CreateRegistrationTokenInput, { description: 'Label, number of uses and expiry of the token.' })
    input: CreateRegistrationTokenInput,
    @Ctx() { principal }: Context,
  ): Promise<NewToken> {
    return this.services.tokens.createRegistration(accountOf(principal), input);
  }

  @Mutation(() => NewToken, {
    description:
      "Creates a token of the caller's own account. On a server that requires no tokens, it belongs to the account with the " +
      'name of the label, which is created if there is none. It expires with the token that the request was sent with; ' +
      'for an ADMIN, it never expires. Needs the role MEMBER.',
    deprecationReason: 'Use createToken(label:). Removed in 0.3.',
  })
  async createUserToken(
    @Arg('label', () => String, { description: 'What the token is for: a text of 1 to 128 characters.' }) label: string,
    @Ctx() { principal }: Context,
  ): Promise<NewToken> {
    const manager = accountOf(principal);
    const isLocal = manager.accountId === FIXED_ACCOUNTS.local.id;
    const accountId = isLocal ? (await this.services.tokens.accountForLabel(label)).id : manager.accountId;
    return this.services.tokens.createFor(manager, accountId, { label });
  }
}
