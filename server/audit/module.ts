import type { AccountsService } from '../accounts/accounts.service.js';
import { type Base, createModule } from '../create-module.js';
import { AuditRepository } from './audit.repository.js';
import { AuditResolver } from './audit.resolver.js';
import { AuditService } from './audit.service.js';
import { AuditCleaner } from './audit-cleaner.js';
import { AuditEntry } from './audit-entry.entity.js';

export const auditModule = createModule({
  create: ({ dataSource, logger, env }: Base & { accounts: AccountsService }) => {
    const audit = new AuditService({ repository: new AuditRepository(dataSource), logger });
    return { audit, auditCleaner: new AuditCleaner({ audit, logger, days: env.auditDays }) };
  },
  entities: [AuditEntry],
  resolvers: [AuditResolver],
});
