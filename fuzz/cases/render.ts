import {
  type GraphQLInputType,
  type GraphQLNamedInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { isObject } from '../../schema/is-object.js';
import type { Argument, Operation } from './operations.js';
import type { Path } from './slots.js';
import type { Value } from './values.js';

/** How the input is sent: in variables, or written into the document. */
export type Form = 'variables' | 'literals';
export const FORMS: readonly Form[] = ['variables', 'literals'];

/** The text of a request. */
export interface Request {
  document: string;
  /** JSON, as text. */
  variables: string;
}

/** A value at a place, which replaces what is there. */
export interface Replacement {
  path: Path;
  value: Value;
}

/** The request that calls the operation with these variables, one of which may be replaced. */
export function render(
  operation: Operation,
  base: Readonly<Record<string, unknown>>,
  form: Form,
  replacement: Replacement | null,
): Request {
  const all = operation.steps.flatMap((step) => step.arguments);
  const given = all.filter(({ variable }) => variable in base || replacement?.path[0] === variable);
  if (form === 'variables') {
    const declared = given.map(({ variable, definition }) => `$${variable}: ${definition.type}`);
    const header = declared.length > 0 ? `(${declared.join(', ')})` : '';
    const document = `${operation.kind} Fuzz${header} { ${field(operation, given, ({ variable }) => `$${variable}`)} }`;
    return { document, variables: write(base, null, JSON_SYNTAX, replacement) ?? '{}' };
  }
  const literal = ({ variable, definition }: Argument) =>
    write(base[variable], definition.type, LITERAL_SYNTAX, replacement && within(replacement, variable));
  return { document: `${operation.kind} Fuzz { ${field(operation, given, literal)} }`, variables: '{}' };
}

function field(operation: Operation, given: Argument[], write: (argument: Argument) => string | null): string {
  return operation.steps.reduceRight((inner, { field, arguments: own }) => {
    const written = own
      .filter((argument) => given.includes(argument))
      .flatMap((argument) => {
        const text = write(argument);
        return text === null ? [] : [`${argument.definition.name}: ${text}`];
      });
    const call = written.length > 0 ? `${field.name}(${written.join(', ')})` : field.name;
    return inner.startsWith('{') || inner === '' ? `${call} ${inner}`.trim() : `${call} { ${inner} }`;
  }, operation.selection);
}

interface Syntax {
  of(value: Value): string | null;
  key(name: string): string;
  text(value: string, type: GraphQLNamedInputType | null): string;
}

const JSON_SYNTAX: Syntax = {
  of: ({ json }) => json,
  key: (name) => JSON.stringify(name),
  text: (value) => JSON.stringify(value),
};

const LITERAL_SYNTAX: Syntax = {
  of: (value) => value.literal ?? (value.json && write(JSON.parse(value.json), null, LITERAL_SYNTAX, null)),
  key: (name) => name,
  // Names of enum values have no quotes.
  text: (value, type) => (isEnumType(type) && /^[A-Z]\w*$/.test(value) ? value : JSON.stringify(value)),
};

/** Null if the value is left out. */
function write(
  value: unknown,
  type: GraphQLInputType | null,
  syntax: Syntax,
  replacement: Replacement | null,
): string | null {
  if (replacement?.path.length === 0) return written(replacement.value, type, syntax);
  const inner = isNonNullType(type) ? type.ofType : type;
  if (Array.isArray(value)) {
    const entryType = isListType(inner) ? (inner.ofType as GraphQLInputType) : null;
    const entries = value.flatMap((entry, i) => {
      const text = write(entry, entryType, syntax, replacement && within(replacement, i));
      return text === null ? [] : [text];
    });
    return `[${entries.join(', ')}]`;
  }
  if (isObject(value)) {
    const types = isInputObjectType(inner) ? inner.getFields() : {};
    const target = replacement?.path[0];
    const names = typeof target === 'string' ? new Set([...Object.keys(value), target]) : Object.keys(value);
    const fields = [...names].flatMap((name) => {
      const type = Object.hasOwn(types, name) ? types[name]!.type : null;
      const text = write(value[name], type, syntax, replacement && within(replacement, name));
      return text === null ? [] : [`${syntax.key(name)}: ${text}`];
    });
    return `{${fields.join(', ')}}`;
  }
  if (value === undefined) return null;
  if (typeof value === 'string') return syntax.text(value, isListType(inner) ? null : (inner as GraphQLNamedInputType));
  // JSON has no infinity. A parser makes one of a number that is too large.
  if (value === Number.POSITIVE_INFINITY) return '1e999';
  if (value === Number.NEGATIVE_INFINITY) return '-1e999';
  return JSON.stringify(value);
}

function written(value: Value, type: GraphQLInputType | null, syntax: Syntax): string | null {
  if (syntax === LITERAL_SYNTAX && value.literal === undefined && value.json !== null && type !== null) {
    return write(JSON.parse(value.json), type, syntax, null);
  }
  return syntax.of(value);
}

/** What the replacement is within the part called `key`; null if it is elsewhere. */
function within({ path, value }: Replacement, key: string | number): Replacement | null {
  return path[0] === key ? { path: path.slice(1), value } : null;
}
