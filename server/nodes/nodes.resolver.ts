import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { Node } from '../graphql/node.js';
import type { NodesService } from './nodes.service.js';

@Resolver()
export class NodesResolver {
  constructor(
    private readonly services: {
      nodes: NodesService;
    },
  ) {}

  @Query(() => Node, {
    nullable: true,
    description:
      'The object with this id, of whatever type; null if there is none that the caller may see. Select its fields with ' +
      '`... on Run { number }`.',
  })
  node(
    @Arg('id', () => ID, { description: 'A UUID, as in the `id` of every type that implements `Node`.' }) id: string,
    @Ctx() context: Context,
  ): Promise<Node | null> {
    return this.services.nodes.load(context, id);
  }

  @Query(() => [Node], {
    nullable: 'items',
    description: 'The objects with these ids, in the same order; null for each id for which `node` returns null.',
  })
  nodes(
    @Arg('ids', () => [ID], { description: 'At most 100 UUIDs, of types that may differ.' }) ids: string[],
    @Ctx() context: Context,
  ): Promise<(Node | null)[]> {
    return Promise.all(ids.map((id) => this.services.nodes.load(context, id)));
  }
}
