import { type Base, createModule } from '../create-module.js';
import { Presence } from './presence.js';
import { ServerProcess } from './server-process.entity.js';
import { ServersRepository } from './servers.repository.js';

export const serversModule = createModule({
  create: ({ dataSource, env, logger }: Base) => {
    const repository = new ServersRepository(dataSource);
    return { presence: new Presence({ repository, logger, everySeconds: env.sweepSeconds }) };
  },
  entities: [ServerProcess],
});
