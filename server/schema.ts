import { assertValidSchema, type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql';
import { addReportField } from './attempts/attempts.types.js';
import type { Context } from './context.js';
import { chargeLists } from './graphql/charge-lists.js';
import { checkInputs } from './graphql/check-inputs.js';
import { describeRootTypes } from './graphql/root-types.js';
import type { ModuleList } from './module-list.js';
import { modules } from './modules.js';

type SchemaParts = Pick<ModuleList<unknown>, 'resolvers' | 'reportKinds'>;

/** Builds the schema. Its resolvers come from the container in the request's context. */
export function createSchema({ resolvers, reportKinds }: SchemaParts = modules): GraphQLSchema {
  for (const kind of reportKinds) addReportField(kind);
  const schema = buildSchemaSync({
    resolvers: resolvers as NonEmptyArray<SchemaParts['resolvers'][number]>,
    // checkInputs and the services validate the input, with messages for people.
    validate: false,
    // It would introspect the whole schema. Apollo validates it when the server starts.
    skipCheck: true,
    container: ({ context }: { context: Context }) => context.container,
    // Our subscriptions create their own iterators, but type-graphql requires a value here.
    pubSub: { publish: unused, subscribe: unused },
  });
  return chargeLists(checkInputs(describeRootTypes(schema)));
}

function unused(): never {
  throw new Error('subscriptions are served by server/live');
}

/** The text of schema/schema.graphql. It is sorted, so that moving a class does not change it. @throws if it is invalid */
export function schemaText(): string {
  const schema = createSchema();
  assertValidSchema(schema);
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
