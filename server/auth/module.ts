import type { AccountsService } from '../accounts/accounts.service.js';
import { type Base, createModule } from '../create-module.js';
import type { RunnersService } from '../runners/runners.service.js';
import { AuthResolver } from './auth.resolver.js';
import { AuthService } from './auth.service.js';
import { accountOf } from './principal.js';
import { SocketRegistry } from './socket-registry.js';
import { Token } from './token.entity.js';
import { TokensRepository } from './tokens.repository.js';
import { TokensResolver } from './tokens.resolver.js';
import { TokensService } from './tokens.service.js';

interface Needs extends Base {
  runners: RunnersService;
  accounts: AccountsService;
}

export const authModule = createModule({
  create: ({ dataSource, events, logger, env, runners, accounts }: Needs) => {
    const repository = new TokensRepository(dataSource);
    const { authRequired, authFailuresPerMinute: failuresPerMinute } = env;
    const auth = new AuthService({ repository, runners, events, authRequired, failuresPerMinute });
    return {
      auth,
      tokens: new TokensService({ dataSource, events, repository, accounts }),
      sockets: new SocketRegistry({ auth, logger }),
    };
  },
  entities: [Token],
  resolvers: [AuthResolver, TokensResolver],
  nodes: [{ entity: Token, load: ({ tokens }, { principal }, ids) => tokens.byIds(accountOf(principal), ids) }],
});
