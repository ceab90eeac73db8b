import { runConfigJsonSchema } from '../run-config.js';
import type { FieldType, ValueType } from './catalog.js';

/** The parts of a JSON Schema that are used here. */
interface Node {
  since?: number;
  absent?: unknown;
  required?: string[];
  type?: string;
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, Node>;
  items?: Node;
  prefixItems?: Node[];
  oneOf?: Node[];
  anyOf?: Node[];
}

const TYPES: Record<string, ValueType> = { string: 'text', number: 'number', integer: 'number', boolean: 'boolean' };

/** The types of all settings of a run's configuration, by path. Where there are several kinds of an object, those of all of them. */
export function settingTypes(): ReadonlyMap<string, FieldType> {
  const found = new Map<string, FieldType>();
  collect(runConfigJsonSchema() as Node, '', found, false);
  return found;
}

/** What a missing setting means in a configuration that is older than the setting. */
export interface AbsentSetting {
  value: unknown;
  /** The keys of the kind of object that has the setting. */
  beside: readonly string[];
}

/** The settings that are newer than version 1 (config-version.ts), by path, unless their absence means null. */
export function absentSettings(): ReadonlyMap<string, readonly AbsentSetting[]> {
  const found = new Map<string, AbsentSetting[]>();
  const visit = (node: Node, path: string): void => {
    for (const kind of [...(node.oneOf ?? []), ...(node.anyOf ?? [])]) visit(kind, path);
    for (const [key, child] of Object.entries(node.properties ?? {})) {
      const own = path === '' ? key : `${path}.${key}`;
      if (child.since !== undefined && child.absent !== null) {
        found.set(own, [...(found.get(own) ?? []), { value: child.absent, beside: node.required ?? [] }]);
      }
      visit(child, own);
    }
  };
  visit(runConfigJsonSchema() as Node, '');
  return found;
}

function collect(node: Node, path: string, found: Map<string, FieldType>, isList: boolean): void {
  for (const kind of [...(node.oneOf ?? []), ...(node.anyOf ?? [])]) collect(kind, path, found, isList);
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    collect(child, path === '' ? key : `${path}.${key}`, found, isList);
  }
  for (const item of [...(node.items ? [node.items] : []), ...(node.prefixItems ?? [])])
    collect(item, path, found, true);
  const values = node.const !== undefined ? [node.const] : node.enum;
  const type = TYPES[node.type ?? typeof values?.[0]];
  if (type) found.set(path, merged(found.get(path), { types: [type], isList, values: texts(values) }));
}

/** Of numbers, any value may be compared with; a text that no run can have is a mistake. */
function texts(values: unknown[] | undefined): string[] | undefined {
  return values?.every((value) => typeof value === 'string') ? (values as string[]) : undefined;
}

function merged(known: FieldType | undefined, { types, values, isList }: FieldType): FieldType {
  if (!known) return { types, ...(values && { values }), ...(isList && { isList }) };
  return {
    types: [...new Set([...known.types, ...types])],
    ...(known.values && values && { values: [...new Set([...known.values, ...values])] }),
    ...((known.isList || isList) && { isList: true }),
  };
}
