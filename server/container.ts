import type { Container } from './context.js';

/** The one instance of every resolver. */
export class Instances implements Container {
  private readonly byClass = new Map<unknown, unknown>();

  constructor(instances: object[]) {
    for (const instance of instances) this.byClass.set(instance.constructor, instance);
  }

  // biome-ignore lint/suspicious/noExplicitAny: any constructor
  get<T>(type: new (...parameters: any[]) => T): T {
    const instance = this.byClass.get(type);
    if (!instance) throw new Error(`${type.name} is a resolver of no module in server/modules.ts`);
    return instance as T;
  }
}
