import {
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedInputType,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { isObject } from '../../schema/is-object.js';
import { type Argument, type Operation, testedArguments } from './operations.js';

/** Where a value is within the variables: `['report', 'points', 0, 'steps']`. */
export type Path = readonly (string | number)[];

/** One place of an operation's input where a value can be replaced. */
export interface Slot {
  /** `report.points.0.steps` */
  name: string;
  path: Path;
  /** Null within a JSON scalar, about which the schema says nothing. */
  type: GraphQLInputType | null;
  /** Names the input in the whole schema: `cancelRun.id`, `PointColumnsInput.steps`. Entries of lists end in `[]`. */
  key: string;
}

/** A key and the type of what it names. */
export interface KeyedInput {
  key: string;
  name: string;
  type: GraphQLInputType;
}

/** Every argument of the operation, every field of its input objects and every entry of its lists. */
export function slotsOf(operation: Operation): Slot[] {
  return testedArguments(operation).flatMap(({ key, variable, definition }) =>
    slotsAt({ key, name: definition.name, type: definition.type }, [variable]),
  );
}

/** The places within the JSON of a slot, such as the settings of a run's configuration. */
export function slotsInJson(slot: Slot, json: unknown): Slot[] {
  const entries = isObject(json) ? Object.entries(json) : Array.isArray(json) ? [...json.entries()] : [];
  return entries.flatMap(([key, value]) => {
    const path = [...slot.path, key];
    const inner = { name: path.join('.'), path, type: null, key: `${slot.key}.${key}` };
    return [inner, ...slotsInJson(inner, value)];
  });
}

/** What needs a valid value before the operation can be called: its arguments, and the fields of its input objects. */
export function inputsOf(operation: Operation): KeyedInput[] {
  const found = new Map<string, KeyedInput>();
  const visit = (input: KeyedInput): void => {
    if (found.has(input.key)) return;
    found.set(input.key, input);
    for (const field of fieldsOf(getNamedType(input.type))) visit(field);
  };
  for (const argument of operation.steps.flatMap((step) => step.arguments)) visit(inputOf(argument));
  return [...found.values()];
}

export function inputOf({ key, definition }: Argument): KeyedInput {
  return { key, name: definition.name, type: definition.type };
}

/** The fields of an input object; empty for all other types. */
export function fieldsOf(type: GraphQLNamedInputType): KeyedInput[] {
  if (!isInputObjectType(type)) return [];
  return Object.values(type.getFields()).map((field: GraphQLInputField) => ({
    key: `${type.name}.${field.name}`,
    name: field.name,
    type: field.type,
  }));
}

/** Of input objects that contain themselves, only the outermost has its fields. */
function slotsAt({ key, type }: KeyedInput, path: Path, within: readonly GraphQLInputType[] = []): Slot[] {
  const slot = { name: path.join('.'), path, type, key };
  const inner = isNonNullType(type) ? type.ofType : type;
  if (isListType(inner)) {
    const entry = { key: `${key}[]`, name: '', type: inner.ofType as GraphQLInputType };
    return [slot, ...slotsAt(entry, [...path, 0], within)];
  }
  if (within.includes(inner)) return [slot];
  const fields = fieldsOf(inner as GraphQLNamedInputType);
  return [slot, ...fields.flatMap((field) => slotsAt(field, [...path, field.name], [...within, inner]))];
}
