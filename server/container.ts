import type { Container } from './context.js';

/** Holds one instance of each resolver. */
export class Instances implements Container {
  private readonly byClass = new Map<unknown, unknown>();

  constructor(instances: object[]) {
    for (const instance of instances) this.byClass.set(instance.constructor, instance);
  }

  // biome-ignore lint/suspicious/noExplicitAny: any constructor
  get<T>(type: new (...parameters: any[]) => T): T {
    const instance = this.byClass.get(type);
    if (!instance) throw new Error(`no module in server/modules.ts lists the resolver ${type.name}`);
    return instance as T;
  }
}
