import { type Base, createModule } from '../create-module.js';
import type { RunnersService } from '../runners/runners.service.js';
import { AuthResolver } from './auth.resolver.js';
import { AuthService } from './auth.service.js';
import { Token } from './token.entity.js';
import { TokensRepository } from './tokens.repository.js';

export const authModule = createModule({
  create: ({ dataSource, runners, env: { authRequired } }: Base & { runners: RunnersService }) => ({
    auth: new AuthService({ repository: new TokensRepository(dataSource), runners, authRequired }),
  }),
  entities: [Token],
  resolvers: [AuthResolver],
});
