import {
  type DocumentNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { selectionOf, selectionsIn } from './selection.js';

export type OperationKind = 'query' | 'mutation' | 'subscription';

/** An argument of a field, and the variable that a document passes to it. */
export interface Argument {
  /** Names the argument in the whole schema: `cancelRun.id`, `Run.metrics.names`. */
  key: string;
  variable: string;
  definition: GraphQLArgument;
}

/** A field on the way from the root to the field that is called. */
export interface Step {
  field: GraphQLField<unknown, unknown>;
  arguments: Argument[];
}

/** A field to call: a root field, or a field with arguments that is reached through one. */
export interface Operation {
  /** `cancelRun`, or `Run.metrics` for a field of a type. */
  name: string;
  kind: OperationKind;
  /** From the root field to the field itself. */
  steps: Step[];
  /** What is selected of the field; empty for a leaf. */
  selection: string;
}

/** The arguments that are tested in this operation: those of its last field. */
export const testedArguments = (operation: Operation): Argument[] => operation.steps.at(-1)!.arguments;

/**
 * Every root field of the schema, and every field with arguments that a query reaches.
 * @param runners the runner's own documents. Of the mutations in them, only the same is selected: a runner may not read more
 */
export function operationsOf(schema: GraphQLSchema, runners: DocumentNode | null = null): Operation[] {
  const own: ReadonlyMap<string, string> = runners ? selectionsIn(runners) : new Map();
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const;
  const ofRoots = roots.flatMap(([kind, type]) =>
    Object.values(type?.getFields() ?? {}).map((field) => {
      const selection = own.get(field.name) ?? selectionOf(field);
      return { name: field.name, kind, steps: [step(field, null, '')], selection };
    }),
  );
  return [...ofRoots, ...nestedOperations(schema.getQueryType()!)];
}

/** Fields with arguments below the root, each by a shortest way from a query. */
function nestedOperations(query: GraphQLObjectType): Operation[] {
  const ways = new Map<string, Step[]>();
  const found: Operation[] = [];
  const queue: { type: GraphQLObjectType; way: Step[] }[] = [{ type: query, way: [] }];
  for (const { type, way } of queue) {
    // A single object first: a list would repeat the field, once for each entry.
    for (const field of Object.values(type.getFields()).sort((a, b) => Number(isList(a)) - Number(isList(b)))) {
      if (way.length > 0 && field.args.length > 0) {
        const steps = [...way, step(field, type, '')];
        found.push({ name: `${type.name}.${field.name}`, kind: 'query', steps, selection: selectionOf(field) });
      }
      const target = getNamedType(field.type);
      if (!isObjectType(target) || target === query || ways.has(target.name)) continue;
      const next = [...way, step(field, way.length > 0 ? type : null, `${field.name}_`)];
      ways.set(target.name, next);
      queue.push({ type: target, way: next });
    }
  }
  return found;
}

function step(field: GraphQLField<unknown, unknown>, parent: GraphQLObjectType | null, prefix: string): Step {
  const place = parent ? `${parent.name}.${field.name}` : field.name;
  return {
    field,
    arguments: field.args.map((definition) => ({
      key: `${place}.${definition.name}`,
      variable: `${prefix}${definition.name}`,
      definition,
    })),
  };
}

function isList({ type }: GraphQLField<unknown, unknown>): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}
