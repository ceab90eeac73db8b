import type { z } from 'zod';
import { methodConfig } from './method-config.js';

export interface ConfigProblem {
  /** Dotted path of the field, '' for the whole configuration. */
  field: string;
  /** What is wrong, with the value and with what is allowed. */
  message: string;
}

/**
 * Names the field, the value that was given and what is allowed.
 * @param root what was given as a whole
 * @param schema the JSON Schema of what is allowed as a whole
 */
export function describeIssue(issue: z.core.$ZodIssue, root: unknown, schema: unknown): ConfigProblem[] {
  const field = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: [...issue.path, key].join('.'),
      message: `unknown key "${key}"; allowed here: ${allowedKeys(issue.path, root, schema).join(', ')}`,
    }));
  }
  const value = valueAt(root, issue.path);
  const given = value === undefined ? 'nothing was given' : `got ${JSON.stringify(value)}`;
  if (issue.code === 'invalid_union' && 'discriminator' in issue && issue.discriminator) {
    const names = methodConfig.options.map((option) => option.shape.name.value).join(', ');
    return [{ field, message: `${given}; allowed: ${names}` }];
  }
  return [{ field, message: `${issue.message}; ${given}` }];
}

function valueAt(root: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], root);
}

/** The keys that the object at `path` may have, read from the JSON Schema so that they are never listed twice. */
function allowedKeys(path: PropertyKey[], root: unknown, schema: unknown): string[] {
  interface Node {
    properties?: Record<string, Node>;
    oneOf?: Node[];
    anyOf?: Node[];
    const?: unknown;
  }
  let node: Node | undefined = schema as Node;
  for (const key of path) {
    node = node?.properties?.[String(key)];
    // What may be null is one of two schemas, and only the other one has keys.
    node = node?.anyOf?.find((option) => option.properties) ?? node;
  }
  if (node?.oneOf) {
    const name = (valueAt(root, path) as { name?: unknown } | undefined)?.name;
    node = node.oneOf.find((option) => option.properties?.name?.const === name);
  }
  return Object.keys(node?.properties ?? {});
}
