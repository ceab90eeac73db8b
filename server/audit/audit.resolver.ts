import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Account } from '../accounts/account.entity.js';
import type { AccountsService } from '../accounts/accounts.service.js';
import type { Context } from '../context.js';
import { type Connection, connectionOf, PageArgs } from '../graphql/connection.js';
import { AuditFilter } from './audit.inputs.js';
import type { AuditService } from './audit.service.js';
import { AuditEntry } from './audit-entry.entity.js';

const AuditConnection = connectionOf(AuditEntry, 'AuditEntry');

@Resolver(() => AuditEntry)
export class AuditResolver {
  constructor(
    private readonly services: {
      audit: AuditService;
      accounts: AccountsService;
    },
  ) {}

  @Query(() => AuditConnection, {
    description:
      'What people changed and which runners registered, newest first. Older entries are deleted after AUDIT_DAYS. ' +
      'Needs the role ADMIN.',
  })
  auditLog(
    @Arg('filter', () => AuditFilter, {
      nullable: true,
      description: 'Conditions that an entry must meet; null returns all entries.',
    })
    filter: AuditFilter | null,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<AuditEntry>> {
    return this.services.audit.page(filter ?? {}, page);
  }

  @FieldResolver(() => Account, {
    nullable: true,
    description: 'Account that sent it; null for the registration of a runner and for the command line.',
  })
  async account(@Root() { accountId }: AuditEntry, @Ctx() context: Context): Promise<Account | null> {
    return accountId ? this.services.accounts.load(context, accountId) : null;
  }
}
