import { isObject } from './is-object.js';

/**
 * The version of the configuration's schema. It grows by one in each release that adds to the schema. The rules for adding
 * are in docs/decisions/0023-configuration-versions.md: a key that is newer than version 1 carries
 * `.meta({ since: n, absent: value })`, where the absent value means "as before this key existed", and a newer kind of
 * a union carries `.meta({ since: n })`. An enum names its newer values: `.meta({ later: { value: n } })`. A number that could
 * only be a multiple of m before carries `.meta({ others: { than: m, since: n } })`.
 */
export const CONFIG_VERSION = 4;

/** The parts of a JSON Schema that are used here. `since` and `absent` come from `meta`. */
interface Node {
  since?: number;
  absent?: unknown;
  /** The version that allowed numbers that are not multiples of `than`. */
  others?: { than: number; since: number };
  /** Values of an enum that are newer than the enum, with their versions. */
  later?: Record<string, number>;
  properties?: Record<string, Node>;
  required?: string[];
  items?: Node;
  prefixItems?: Node[];
  oneOf?: Node[];
  anyOf?: Node[];
  type?: string;
  const?: unknown;
  enum?: unknown[];
}

type Config = Record<string, unknown>;

/**
 * The version that a runner must know to train this configuration: the newest of its keys that do not have their absent
 * value, and of its values.
 * @param schema the JSON Schema of configurations
 */
export function neededVersion(config: unknown, schema: unknown): number {
  return neededBy(config, schema as Node);
}

/** The paths of what a runner of this version does not know in a configuration: keys, and those whose value is newer. */
export function keysNewerThan(config: unknown, version: number, schema: unknown): string[] {
  return newerKeys(config, schema as Node, version, '');
}

/**
 * The configuration without the keys that are newer than `version`. They have their absent values if the configuration
 * does not need a newer version, so it stays the same experiment.
 */
export function forVersion<T extends Config>(config: T, version: number, schema: unknown): T {
  return without(config, schema as Node, version) as T;
}

/** The configuration with every missing key that is newer than version 1, at its absent value and not at its default. */
export function withAbsentValues<T extends Config>(config: T, schema: unknown): T {
  return filled(config, schema as Node) as T;
}

function neededBy(value: unknown, node: Node): number {
  const kind = kindOf(value, node);
  const versions = [node.since ?? 1, kind.since ?? 1, sinceOfValue(value, kind)];
  if (Array.isArray(value)) versions.push(...value.map((each, i) => neededBy(each, itemOf(kind, i))));
  else if (isObject(value)) {
    for (const [key, child] of Object.entries(kind.properties ?? {})) {
      if (key in value && !isAbsent(value[key], child)) versions.push(neededBy(value[key], child));
    }
  }
  return Math.max(...versions);
}

function newerKeys(value: unknown, node: Node, version: number, path: string): string[] {
  const kind = kindOf(value, node);
  if (Math.max(node.since ?? 1, kind.since ?? 1, sinceOfValue(value, kind)) > version) return [path];
  if (Array.isArray(value)) {
    return [...new Set(value.flatMap((each, i) => newerKeys(each, itemOf(kind, i), version, path)))];
  }
  if (!isObject(value)) return [];
  return Object.entries(kind.properties ?? {}).flatMap(([key, child]) =>
    key in value && !isAbsent(value[key], child)
      ? newerKeys(value[key], child, version, path === '' ? key : `${path}.${key}`)
      : [],
  );
}

function without(value: unknown, node: Node, version: number): unknown {
  const kind = kindOf(value, node);
  if (Array.isArray(value)) return value.map((each) => without(each, kind.items ?? {}, version));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => (kind.properties?.[key]?.since ?? 1) <= version);
  return Object.fromEntries(kept.map(([key, each]) => [key, without(each, kind.properties?.[key] ?? {}, version)]));
}

function filled(value: unknown, node: Node): unknown {
  const kind = kindOf(value, node);
  if (Array.isArray(value)) return value.map((each) => filled(each, kind.items ?? {}));
  if (!isObject(value)) return value;
  const missing = Object.entries(kind.properties ?? {}).filter(
    ([key, { since }]) => since !== undefined && !(key in value),
  );
  return {
    ...Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, filled(each, kind.properties?.[key] ?? {})]),
    ),
    ...Object.fromEntries(missing.map(([key, { absent }]) => [key, structuredClone(absent)])),
  };
}

function sinceOfValue(value: unknown, { others, later }: Node): number {
  if (typeof value === 'string' && later && Object.hasOwn(later, value)) return later[value]!;
  return others && typeof value === 'number' && value % others.than !== 0 ? others.since : 1;
}

function itemOf({ prefixItems, items }: Node, index: number): Node {
  return prefixItems?.[index] ?? items ?? {};
}

function isAbsent(value: unknown, { since, absent }: Node): boolean {
  return since !== undefined && JSON.stringify(value) === JSON.stringify(absent);
}

/** In a union, the kind of the value; otherwise the node itself. */
function kindOf(value: unknown, node: Node): Node {
  const kinds = node.oneOf ?? node.anyOf;
  const kind = kinds?.find((each) => fits(value, each));
  return kind ? kindOf(value, kind) : node;
}

/** Only as far as is needed to tell the kinds of a union apart: by their type, their constants and their required keys. */
function fits(value: unknown, node: Node): boolean {
  if (node.oneOf || node.anyOf) return (node.oneOf ?? node.anyOf!).some((each) => fits(value, each));
  if (node.const !== undefined) return value === node.const;
  if (node.enum) return node.enum.includes(value);
  if (node.type === 'null') return value === null;
  if (node.type === 'array') return Array.isArray(value);
  if (!node.properties) return !isObject(value) && !Array.isArray(value) && value !== null;
  if (!isObject(value)) return false;
  const { properties } = node;
  return (node.required ?? []).every((key) => key in value && fitsConstant(value[key], properties[key]));
}

function fitsConstant(value: unknown, node: Node | undefined): boolean {
  return node?.const === undefined || value === node.const;
}
