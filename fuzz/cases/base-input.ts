import {
  type GraphQLInputType,
  type GraphQLNamedInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Use, World } from '../world/world.js';
import { ALTERNATIVES, BASE_VALUES, type BaseValue } from './base-values.js';
import type { Operation } from './operations.js';
import { fieldsOf, inputOf, inputsOf, type KeyedInput, type Slot } from './slots.js';

/** Inputs of the operation that have no valid value in the table. */
export function inputsWithoutValue(operation: Operation): string[] {
  return inputsOf(operation)
    .filter((input) => tableEntry(input) === undefined && !derivable(input.type))
    .map(({ key }) => key);
}

/**
 * The variables of a valid call: every argument and every field of the input objects, so that a single wrong one reaches the
 * code that uses it.
 * @param slot the place that is under test, which decides between arguments of which only one may be given
 */
export async function baseInput(
  operation: Operation,
  world: World,
  use: Use,
  slot: Slot | null = null,
): Promise<Record<string, unknown>> {
  const variables: Record<string, unknown> = {};
  const all = operation.steps.flatMap((step) => step.arguments);
  const tested = all.find(({ variable }) => variable === slot?.path[0])?.key;
  for (const argument of all) {
    if (isLeftOut(argument.key, tested)) continue;
    const value = await validValue(inputOf(argument), world, use);
    if (value !== undefined) variables[argument.variable] = value;
  }
  return variables;
}

/** `tested` is the argument under test, or the one in which the input under test is. */
function isLeftOut(key: string, tested: string | undefined): boolean {
  return ALTERNATIVES.some(([first, second]) => key === (tested === second ? first : second));
}

function tableEntry({ key, name }: KeyedInput): BaseValue | undefined {
  return own(key) ?? own(name);
}

const own = (name: string): BaseValue | undefined => (Object.hasOwn(BASE_VALUES, name) ? BASE_VALUES[name] : undefined);

async function validValue(input: KeyedInput, world: World, use: Use): Promise<unknown> {
  const entry = tableEntry(input);
  if (entry) return entry(world, use);
  return derived(input.type, input.key, world, use);
}

/** Whether the type alone says what is valid. The fields of an input object are inputs of their own. */
function derivable(type: GraphQLInputType): boolean {
  const inner = isNonNullType(type) ? type.ofType : type;
  if (isListType(inner)) return derivable(inner.ofType as GraphQLInputType);
  return isEnumType(inner) || isInputObjectType(inner) || (inner as GraphQLNamedInputType).name === 'Boolean';
}

async function derived(type: GraphQLInputType, key: string, world: World, use: Use): Promise<unknown> {
  const inner = isNonNullType(type) ? type.ofType : type;
  if (isListType(inner)) return [await derived(inner.ofType as GraphQLInputType, key, world, use)];
  if (isEnumType(inner)) return inner.getValues()[0]!.name;
  if (isInputObjectType(inner)) {
    const fields: Record<string, unknown> = {};
    for (const field of fieldsOf(inner)) {
      const value = await validValue(field, world, use);
      if (value !== undefined) fields[field.name] = value;
    }
    return fields;
  }
  if ((inner as GraphQLNamedInputType).name === 'Boolean') return true;
  throw new Error(`${key} has no valid value; add one to fuzz/cases/base-values.ts`);
}
