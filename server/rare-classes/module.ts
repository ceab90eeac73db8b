import { type Base, createModule } from '../create-module.js';
import { RareClassesRepository } from './rare-classes.repository.js';
import { RareClassesResolver } from './rare-classes.resolver.js';
import { RareClassesService } from './rare-classes.service.js';

export const rareClassesModule = createModule({
  create: ({ dataSource }: Base) => ({
    rareClasses: new RareClassesService({ repository: new RareClassesRepository(dataSource) }),
  }),
  entities: [],
  resolvers: [RareClassesResolver],
});
