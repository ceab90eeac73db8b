import { Instances } from './container.js';
import type { Container } from './context.js';
import type { Base, EntityClass, Module, ReportKind, StoredKind, Surroundings } from './create-module.js';

// biome-ignore lint/suspicious/noExplicitAny: with() has checked what each module needs
type AnyModule = Module<any, any>;
type ResolverClass = new (services: never) => object;

/** Modules in the order of who needs whom. Tables, schema and services are derived from it. */
export class ModuleList<Services> {
  private constructor(private readonly modules: readonly AnyModule[]) {}

  static empty(): ModuleList<Base> {
    return new ModuleList([]);
  }

  /** The list and one more module. It does not compile when the module needs what none before it gives. */
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

  /** Constructs everything once. @throws when two modules give a service the same name */
  create(surroundings: Surroundings): { services: Services; container: Container } {
    const services: Record<string, unknown> = { ...surroundings };
    services.reportKinds = this.reportKinds.map(
      ({ field, record }): StoredKind => ({
        field,
        record: (place, content) => record(services as never, place, content as never),
      }),
    );
    for (const module of this.modules) {
      for (const [name, service] of Object.entries(module.create(services))) {
        if (name in services) throw new Error(`two modules give a service the name "${name}"`);
        services[name] = service;
      }
    }
    const container = new Instances(this.resolvers.map((resolver) => new resolver(services as never)));
    return { services: services as Services, container };
  }
}
