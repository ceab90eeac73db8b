import type { Context } from '../context.js';
import type { EntityClass, LoadableKind } from '../create-module.js';
import { isId } from '../graphql/ids.js';
import type { Node } from '../graphql/node.js';
import type { NodesRepository } from './nodes.repository.js';

/** Finds objects of every type by their ids alone. */
export class NodesService {
  constructor(
    private readonly deps: {
      repository: NodesRepository;
      kinds: readonly LoadableKind[];
    },
  ) {}

  /** The object with this id; null if there is none that the caller may see. Batched. */
  async load(context: Context, id: string): Promise<Node | null> {
    if (!isId(id)) return null;
    return context.loaders.of<Node>('nodes', (ids) => this.loadAll(context, ids)).load(id);
  }

  private async loadAll(context: Context, ids: readonly string[]): Promise<(Node | null)[]> {
    const entities = await this.deps.repository.entitiesOf(ids);
    const found = new Map<EntityClass, string[]>();
    for (const [id, entity] of entities) found.set(entity, [...(found.get(entity) ?? []), id]);
    const kinds = this.deps.kinds.filter(({ entity }) => found.has(entity));
    const loaded = await Promise.all(kinds.map(({ entity, load }) => load(context, found.get(entity)!)));
    const nodes = new Map(loaded.flat().map((node) => [node.id, node]));
    return ids.map((id) => nodes.get(id) ?? null);
  }
}
