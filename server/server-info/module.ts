import { type Base, createModule } from '../create-module.js';
import { ServerResolver } from './server.resolver.js';

export const serverInfoModule = createModule({
  create: ({ version, env }: Base) => ({ serverInfo: { version, authRequired: env.authRequired } }),
  resolvers: [ServerResolver],
});
