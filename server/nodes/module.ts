import { type Base, createModule } from '../create-module.js';
import { NodesRepository } from './nodes.repository.js';
import { NodesResolver } from './nodes.resolver.js';
import { NodesService } from './nodes.service.js';

export const nodesModule = createModule({
  create: ({ dataSource, nodeKinds }: Base) => ({
    nodes: new NodesService({
      repository: new NodesRepository(
        dataSource,
        nodeKinds.map(({ entity }) => entity),
      ),
      kinds: nodeKinds,
    }),
  }),
  resolvers: [NodesResolver],
});
