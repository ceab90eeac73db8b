import { Instances } from './container.js';
import type { Container } from './context.js';
import type {
  Base,
  EntityClass,
  LoadableKind,
  Module,
  NodeKind,
  ReportKind,
  StoredKind,
  Surroundings,
} from './create-module.js';

// biome-ignore lint/suspicious/noExplicitAny: with() has checked what each module needs
type AnyModule = Module<any, any>;
type ResolverClass = new (services: never) => object;

/** The modules, each after those that it needs. The tables, the schema and the services are derived from this list. */
export class ModuleList<Services> {
  private constructor(private readonly modules: readonly AnyModule[]) {}

  static empty(): ModuleList<Base> {
    return new ModuleList([]);
  }

  /** The list with one more module. Does not compile if the module needs a service that no module before it creates. */
  with<Given extends object>(module: Module<Services, Given>): ModuleList<Services & Given> {
    return new ModuleList([...this.modules, module]);
  }

  get entities(): EntityClass[] {
    return this.modules.flatMap(({ entities = [] }) => entities);
  }

  get resolvers(): ResolverClass[] {
    return this.modules.flatMap(({ resolvers = [] }) => resolvers);
  }

  get reportKinds(): ReportKind<never>[] {
    return this.modules.flatMap(({ report }) => report ?? []);
  }

  get nodeKinds(): NodeKind<never>[] {
    return this.modules.flatMap(({ nodes = [] }) => nodes);
  }

  /** Constructs all services and resolvers. @throws if two modules create a service with the same name */
  create(surroundings: Surroundings): { services: Services; container: Container } {
    const services: Record<string, unknown> = { ...surroundings };
    services.reportKinds = this.reportKinds.map(
      ({ field, record, prepare }): StoredKind => ({
        field,
        record: (place, content) => record(services as never, place, content as never),
        prepare: prepare && ((attemptId, content) => prepare(services as never, attemptId, content as never)),
      }),
    );
    services.nodeKinds = this.nodeKinds.map(
      ({ entity, load }): LoadableKind => ({
        entity,
        load: (context, ids) => load(services as never, context, ids),
      }),
    );
    for (const module of this.modules) {
      for (const [name, service] of Object.entries(module.create(services))) {
        if (name in services) throw new Error(`two modules create a service called "${name}"`);
        services[name] = service;
      }
    }
    const container = new Instances(this.resolvers.map((resolver) => new resolver(services as never)));
    return { services: services as Services, container };
  }
}
