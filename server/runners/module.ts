import { foundOf } from '../context.js';
import { type Base, createModule } from '../create-module.js';
import type { ServerInfo } from '../server-info/server.resolver.js';
import { Runner } from './runner.entity.js';
import { RunnersRepository } from './runners.repository.js';
import { RunnersResolver } from './runners.resolver.js';
import { RunnersService } from './runners.service.js';

interface Needs extends Base {
  serverInfo: ServerInfo;
}

export const runnersModule = createModule({
  create: ({ dataSource, events, env: { leaseSeconds } }: Needs) => ({
    runners: new RunnersService({ dataSource, events, repository: new RunnersRepository(dataSource), leaseSeconds }),
  }),
  entities: [Runner],
  resolvers: [RunnersResolver],
  nodes: [{ entity: Runner, load: ({ runners }, context, ids) => foundOf(ids, (id) => runners.load(context, id)) }],
});
