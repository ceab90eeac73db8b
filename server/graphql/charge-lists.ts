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

/**
 * Makes every list of the schema count in the budget of its operation, whatever it holds and wherever it is. Lists that
 * follow when the budget is used up are not read.
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

/** Whether a field of this type is a list. */
export const isListOf = (type: GraphQLOutputType): boolean => isListType(isNonNullType(type) ? type.ofType : type);

function charged(
  resolve: GraphQLFieldResolver<unknown, Context>,
  numbersPerItem: number,
): GraphQLFieldResolver<unknown, Context> {
  return (source, args, context, info) => {
    const { budget } = context;
    budget.spend(0);
    const count = (items: readonly unknown[]) => {
      budget.spend(items.length * numbersPerItem);
      return items;
    };
    const items = resolve(source, args, context, info) as readonly unknown[] | Promise<readonly unknown[]>;
    return items instanceof Promise ? items.then(count) : count(items);
  };
}
