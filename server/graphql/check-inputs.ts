import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Context } from '../context.js';
import { refusal } from './errors.js';
import { isId } from './ids.js';
import { longestList, longestText, MAX_LIST_LENGTH, MAX_TEXT_LENGTH, REPAIRED_TEXTS } from './input-limits.js';
import { checkStorable } from './storable.js';
import { storableText } from './texts.js';

/** Configurations have at most six levels. Without a limit, code that follows the nesting could overflow the stack. */
const MAX_JSON_DEPTH = 32;
/** The other scalars check themselves. */
const CHECKED_SCALARS = new Set(['String', 'ID', 'JSONObject', 'FilterValue']);

/** Where a value is: its path, as the client wrote it, and its place in the schema (`Type.field(argument:)`, `Input.field`). */
interface Place {
  path: string;
  coordinate: string;
}

type Resolver = GraphQLFieldResolver<unknown, Context>;

/**
 * Makes every field of the schema check its arguments before it is resolved, over HTTP and WebSocket alike. It refuses, with
 * BAD_USER_INPUT and the path of the value, what the types of GraphQL allow but nothing here can use: texts that Postgres
 * cannot store or that are longer than any of ours, empty ids, lists that are too long, and JSON that is nested too deeply.
 * Resolvers get ids in lower case.
 */
export function checkInputs(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.args.length === 0) continue;
      const checked =
        (resolver: Resolver): Resolver =>
        (source, args, context, info) => {
          const usable = { ...args };
          for (const { name, type: argumentType } of field.args) {
            if (!Object.hasOwn(args, name)) continue;
            const place = { path: name, coordinate: `${type.name}.${field.name}(${name}:)` };
            usable[name] = checkedValue(args[name], argumentType, place);
          }
          return resolver(source, usable, context, info);
        };
      // The arguments of a subscription are checked once, when it starts.
      if (field.subscribe) field.subscribe = checked(field.subscribe);
      else field.resolve = checked(field.resolve ?? defaultFieldResolver);
    }
  }
  return schema;
}

/** The value, with ids in lower case, and repaired texts where the schema's place says so. @throws BAD_USER_INPUT */
function checkedValue(value: unknown, type: GraphQLInputType, place: Place): unknown {
  if (value === null || value === undefined) return value;
  if (isNonNullType(type)) return checkedValue(value, type.ofType, place);
  if (isListType(type)) return checkedList(value as unknown[], type.ofType, place);
  if (isInputObjectType(type)) {
    const given = value as Record<string, unknown>;
    for (const field of Object.values(type.getFields())) {
      if (!Object.hasOwn(given, field.name)) continue;
      const inner = { path: `${place.path}.${field.name}`, coordinate: `${type.name}.${field.name}` };
      given[field.name] = checkedValue(given[field.name], field.type, inner);
    }
    return given;
  }
  if (type.name === 'String') return checkedText(value as string, place);
  if (type.name === 'ID') return checkedId(value as string, place);
  if (type.name === 'JSONObject' || type.name === 'FilterValue') checkJson(value, place.path, 1);
  return value;
}

function checkedList(values: unknown[], type: GraphQLInputType, place: Place): unknown[] {
  const longest = longestList(place.coordinate);
  if (values.length > longest) {
    throw refusal('TOO_MANY_ENTRIES', { field: place.path, most: longest, count: values.length });
  }
  const named = getNamedType(type);
  if (!isInputObjectType(named) && !CHECKED_SCALARS.has(named.name)) return values;
  return values.map((value, index) => checkedValue(value, type, { ...place, path: `${place.path}.${index}` }));
}

function checkedText(text: string, { path, coordinate }: Place): string {
  // The feature that stores the text also cuts it.
  if (REPAIRED_TEXTS.has(coordinate)) return storableText(text);
  checkText(text, path, longestText(coordinate));
  return text;
}

function checkedId(id: string, { path }: Place): string {
  if (id === '') throw refusal('EMPTY_ID', { field: path });
  checkText(id, path);
  // As Postgres returns it: events, and what is read, are compared with it.
  return isId(id) ? id.toLowerCase() : id;
}

function checkText(text: string, path: string, longest = MAX_TEXT_LENGTH): void {
  if (text.length > longest) {
    throw refusal('TOO_LONG', { field: path, most: longest, characters: text.length });
  }
  checkStorable(text, path);
}

function checkJson(value: unknown, path: string, depth: number): void {
  if (typeof value === 'string') checkText(value, path);
  else if (typeof value === 'number' && !Number.isFinite(value)) {
    throw refusal('NOT_FINITE', { field: path, value: String(value) });
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth > MAX_JSON_DEPTH) throw refusal('NESTED_TOO_DEEPLY', { field: path, most: MAX_JSON_DEPTH });
  const entries = Object.entries(value);
  if (entries.length > MAX_LIST_LENGTH) {
    throw refusal('TOO_MANY_ENTRIES', { field: path, most: MAX_LIST_LENGTH, count: entries.length });
  }
  for (const [key, entry] of entries) {
    checkText(key, `a key of ${path}`);
    checkJson(entry, `${path}.${key}`, depth + 1);
  }
}
