import { type Base, createModule } from '../create-module.js';
import { Runner } from './runner.entity.js';
import { RunnersRepository } from './runners.repository.js';
import { RunnersResolver } from './runners.resolver.js';
import { RunnersService } from './runners.service.js';

export const runnersModule = createModule({
  create: ({ dataSource, events, env: { leaseSeconds } }: Base) => ({
    runners: new RunnersService({ dataSource, events, repository: new RunnersRepository(dataSource), leaseSeconds }),
  }),
  entities: [Runner],
  resolvers: [RunnersResolver],
});
