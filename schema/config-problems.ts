import type { z } from 'zod';
import { isObject } from './is-object.js';
import { configMistake } from './problems/config-reasons.js';
import { givenOf, mistakeOf } from './problems/issues.js';
import type { Problem } from './problems/problem.js';

/** What is wrong with one field of a configuration. */
export type ConfigProblem = Problem;

/** The parts of a JSON Schema that are used here. */
interface Node {
  properties?: Record<string, Node>;
  required?: string[];
  items?: Node;
  oneOf?: Node[];
  anyOf?: Node[];
  const?: unknown;
}

/**
 * Turns an issue into problems that name the field, the given value and what is allowed.
 * @param root the whole input
 * @param schema the JSON Schema of the whole input
 */
export function describeIssue(issue: z.core.$ZodIssue, root: unknown, schema: unknown): ConfigProblem[] {
  const field = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const allowed = allowedKeys(issue.path, root, schema as Node);
    return issue.keys.map((key) => ({
      field: [...issue.path, key].join('.'),
      ...configMistake('UNKNOWN_KEY', { key, allowed }),
    }));
  }
  const value = valueAt(root, issue.path);
  if (issue.code !== 'invalid_union' || 'options' in issue) return [{ field, ...mistakeOf(issue, value) }];
  const kinds = unionAt(issue.path, root, schema as Node);
  const [meant, another] = kindsMeant(kinds, value);
  const problems = meant && !another ? issue.errors[kinds.indexOf(meant)] : undefined;
  if (!problems) {
    const keys = kinds.flatMap(({ required = [] }) => required);
    const { value: json, given } = givenOf(value);
    return [{ field, ...configMistake('KIND_UNCLEAR', { keys, value: json }, { given }) }];
  }
  return problems.flatMap((inner) => {
    return describeIssue({ ...inner, path: [...issue.path, ...inner.path] }, root, schema);
  });
}

function valueAt(root: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | null | undefined)?.[key], root);
}

/** The kinds that a value is meant to be. A single kind of list or of object needs nothing else to be recognised. */
function kindsMeant(kinds: Node[], value: unknown): Node[] {
  const lists = kinds.filter(({ items }) => items !== undefined);
  const objects = kinds.filter(({ properties }) => properties !== undefined);
  if (isObject(value)) return objects.length === 1 ? objects : objects.filter((kind) => isMeant(kind, value));
  return lists;
}

/** Whether `value` is meant to be this kind of object: whether it has all the required keys. */
function isMeant({ properties, required = [] }: Node, value: object): boolean {
  return properties !== undefined && required.every((key) => key in value);
}

/** The keys that the object at `path` may have, read from the JSON Schema, so that no second list is needed. */
function allowedKeys(path: PropertyKey[], root: unknown, schema: Node): string[] {
  let node = nodeAt(path, root, schema);
  const value = valueAt(root, path);
  if (node?.anyOf) node = node.anyOf.find((kind) => isObject(value) && isMeant(kind, value));
  return Object.keys(node?.properties ?? {});
}

/** The kinds of value that the union at `path` allows. */
function unionAt(path: PropertyKey[], root: unknown, schema: Node): Node[] {
  const parent = nodeAt(path.slice(0, -1), root, schema);
  const key = path.at(-1);
  return (typeof key === 'number' ? parent?.items : parent?.properties?.[String(key)])?.anyOf ?? [];
}

/** The JSON Schema at `path`. In a union, that of the member with the value's `name`; in a nullable, that of the value. */
function nodeAt(path: PropertyKey[], root: unknown, schema: Node): Node | undefined {
  let node: Node | undefined = schema;
  for (const [depth, key] of path.entries()) {
    node = typeof key === 'number' ? node?.items : node?.properties?.[String(key)];
    const kinds: Node[] | undefined = node?.anyOf?.filter((kind) => kind.properties ?? kind.oneOf);
    if (kinds?.length === 1) node = kinds[0];
    if (!node?.oneOf) continue;
    const { name } = (valueAt(root, path.slice(0, depth + 1)) ?? {}) as { name?: unknown };
    node = node.oneOf.find((kind) => kind.properties?.name?.const === name);
  }
  return node;
}
