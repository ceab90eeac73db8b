import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isIntrospectionType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Context } from '../context.js';
import { ITEM } from './budget.js';
import { inOwnTurn } from './turns.js';

/** graphql-js completes a list item by item, without a pause. This many take a few milliseconds. */
const LONG_LIST = 2000;

/**
 * Makes every list of the schema count in the budget of its operation, whatever it holds and wherever it is. Lists that
 * follow when the budget is used up are not read. Each long list is completed in its own turn of the event loop.
 */
export function chargeLists(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (!isListOf(field.type)) continue;
      const numbers = isLeafType(getNamedType(field.type)) ? 1 : ITEM;
      field.resolve = charged(field.resolve ?? defaultFieldResolver, numbers);
    }
  }
  return schema;
}

/** What a field that is a list returns. */
type Items = readonly unknown[] | null | undefined;

/** Whether a field of this type is a list. */
export const isListOf = (type: GraphQLOutputType): boolean => isListType(isNonNullType(type) ? type.ofType : type);

function charged(
  resolve: GraphQLFieldResolver<unknown, Context>,
  numbersPerItem: number,
): GraphQLFieldResolver<unknown, Context> {
  return (source, args, context, info) => {
    const { budget } = context;
    budget.spend(0);
    const count = (items: Items) => {
      if (!items) return items;
      budget.spend(items.length * numbersPerItem);
      return items.length > LONG_LIST ? inOwnTurn(items) : items;
    };
    const items = resolve(source, args, context, info) as Items | Promise<Items>;
    return items instanceof Promise ? items.then(count) : count(items);
  };
}
