import { foundOf } from '../context.js';
import { type Base, createModule } from '../create-module.js';
import { Account } from './account.entity.js';
import { AccountsRepository } from './accounts.repository.js';
import { AccountsResolver } from './accounts.resolver.js';
import { AccountsService } from './accounts.service.js';

export const accountsModule = createModule({
  create: ({ dataSource, events }: Base) => ({
    accounts: new AccountsService({ dataSource, events, repository: new AccountsRepository(dataSource) }),
  }),
  entities: [Account],
  resolvers: [AccountsResolver],
  nodes: [{ entity: Account, load: ({ accounts }, context, ids) => foundOf(ids, (id) => accounts.load(context, id)) }],
});
