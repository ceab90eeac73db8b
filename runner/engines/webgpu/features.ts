import type { Adapter } from './adapters.js';
import { type Dawn, openAdapter } from './dawn.js';

/** Optional features of WebGPU that the engine requests where an adapter has them. docs/engines.md says what each is used for. */
const OPTIONAL_FEATURES = ['timestamp-query', 'subgroups', 'shader-f16'] as const;

type OptionalFeature = (typeof OPTIONAL_FEATURES)[number];

/** What an adapter says about itself. */
interface Offer {
  features: { has(name: string): boolean };
  limits: { maxStorageBufferBindingSize: number };
  /** Numbers of threads that a subgroup may have. They are missing without subgroups. */
  info: { subgroupMinSize?: number; subgroupMaxSize?: number };
}

/** The optional features that the adapter has. */
export function featuresOf({ features }: Pick<Offer, 'features'>): OptionalFeature[] {
  return OPTIONAL_FEATURES.filter((name) => features.has(name));
}

/** What an adapter offers, for display: each optional feature, present or not, and the largest tensor. */
export function describeOffer(adapter: Offer): string {
  const words = { 'timestamp-query': 'timestamp queries', subgroups: 'subgroups', 'shader-f16': 'f16' };
  const { subgroupMinSize: least, subgroupMaxSize: most } = adapter.info;
  const sizes = least && most ? ` of ${least === most ? least : `${least} to ${most}`} threads` : '';
  const present = featuresOf(adapter);
  const features = OPTIONAL_FEATURES.map((name) => {
    if (!present.includes(name)) return `no ${words[name]}`;
    return name === 'subgroups' ? `${words[name]}${sizes}` : words[name];
  });
  const gibibytes = (adapter.limits.maxStorageBufferBindingSize / 2 ** 30).toPrecision(2);
  return [...features, `tensors of up to ${gibibytes} GiB`].join(', ');
}

/** What an adapter offers, for display, without starting it. @throws Error when it cannot be opened */
export async function offerOf(dawn: Dawn, adapter: Adapter): Promise<string> {
  return describeOffer((await openAdapter(dawn, adapter)).found);
}
