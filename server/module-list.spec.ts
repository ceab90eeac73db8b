import { Resolver } from 'type-graphql';
import { describe, expect, it } from 'vitest';
import { type Base, createModule, type Surroundings } from './create-module.js';
import { ModuleList } from './module-list.js';

const surroundings = { version: '1.2.3' } as Surroundings;

class Clock {
  constructor(readonly deps: { zone: string; version: string }) {}
}

@Resolver()
class ClockResolver {
  constructor(readonly services: { clock: Clock }) {}
}

const zone = createModule({ create: (_: Base) => ({ zone: 'UTC' }) });
const clock = createModule({
  create: ({ version, zone }: Base & { zone: string }) => ({ clock: new Clock({ version, zone }) }),
  resolvers: [ClockResolver],
});

describe('a list of modules', () => {
  it('constructs each with the services of earlier ones, and its resolvers with both', () => {
    const { services, container } = ModuleList.empty().with(zone).with(clock).create(surroundings);
    expect(services.clock.deps).toEqual({ zone: 'UTC', version: '1.2.3' });
    expect(container.get(ClockResolver).services.clock).toBe(services.clock);
  });

  it('does not compile if a module needs a service that no earlier one creates', () => {
    // @ts-expect-error: the zone is created later
    ModuleList.empty().with(clock).with(zone);
    // @ts-expect-error: the module creates no clock
    createModule({ create: (_: Base) => ({}), resolvers: [ClockResolver] });
  });

  it('rejects a second service with the same name', () => {
    const list = ModuleList.empty().with(zone).with(zone);
    expect(() => list.create(surroundings)).toThrow('two modules create a service called "zone"');
  });

  it('names a resolver that no module lists', () => {
    const { container } = ModuleList.empty().create(surroundings);
    expect(() => container.get(ClockResolver)).toThrow('lists the resolver ClockResolver');
  });
});
