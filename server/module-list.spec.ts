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
  it('constructs each with what earlier ones give, and its resolvers with both', () => {
    const { services, container } = ModuleList.empty().with(zone).with(clock).create(surroundings);
    expect(services.clock.deps).toEqual({ zone: 'UTC', version: '1.2.3' });
    expect(container.get(ClockResolver).services.clock).toBe(services.clock);
  });

  it('does not compile when a module needs what no earlier one gives', () => {
    // @ts-expect-error: the zone comes later
    ModuleList.empty().with(clock).with(zone);
    // @ts-expect-error: the module gives no clock
    createModule({ create: (_: Base) => ({}), resolvers: [ClockResolver] });
  });

  it('refuses a second service of one name', () => {
    const list = ModuleList.empty().with(zone).with(zone);
    expect(() => list.create(surroundings)).toThrow('two modules give a service the name "zone"');
  });

  it('answers for a resolver of no module with its name', () => {
    const { container } = ModuleList.empty().create(surroundings);
    expect(() => container.get(ClockResolver)).toThrow('ClockResolver is a resolver of no module');
  });
});
