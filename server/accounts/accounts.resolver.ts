import { Arg, Float, ID, Mutation, Query, Resolver } from 'type-graphql';
import { Account, Role } from './account.entity.js';
import type { AccountsService } from './accounts.service.js';

@Resolver()
export class AccountsResolver {
  constructor(
    private readonly services: {
      accounts: AccountsService;
    },
  ) {}

  @Query(() => [Account], { description: 'All accounts by name, disabled ones included. Needs the role VIEWER.' })
  accounts(): Promise<Account[]> {
    return this.services.accounts.all();
  }

  @Mutation(() => Account, {
    description:
      'Creates an account without tokens. CONFLICT if the name is taken, even by a disabled account. Needs the role ADMIN.',
  })
  createAccount(
    @Arg('name', () => String, { description: 'Unique, ignoring case: a text of 1 to 128 characters.' }) name: string,
    @Arg('role', () => Role, { defaultValue: Role.MEMBER, description: 'What the account may do.' }) role: Role,
    @Arg('share', () => Float, {
      defaultValue: 1,
      description: 'Weight of the account in the queue, more than 0 and at most 1,000.',
    })
    share: number,
  ): Promise<Account> {
    return this.services.accounts.create(name, role, share);
  }

  @Mutation(() => Account, {
    description:
      'Changes an account, and leaves everything that is null as it is. CONFLICT if it would disable the accounts `local` ' +
      'or `admin` or change their role. Needs the role ADMIN.',
  })
  updateAccount(
    @Arg('id', () => ID, { description: 'Account to change. NOT_FOUND if it does not exist.' }) id: string,
    @Arg('role', () => Role, { nullable: true, description: 'What the account may do from now on.' })
    role: Role | null,
    @Arg('share', () => Float, {
      nullable: true,
      description: 'Weight of the account in the queue, more than 0 and at most 1,000.',
    })
    share: number | null,
    @Arg('disabled', () => Boolean, {
      nullable: true,
      description: 'True rejects its tokens and closes their WebSockets. False accepts them again.',
    })
    disabled: boolean | null,
  ): Promise<Account> {
    return this.services.accounts.update(id, { role, share, disabled });
  }
}
