import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql';
import { addReportField } from './attempts/attempts.types.js';
import type { Context } from './context.js';
import { describeRootTypes } from './graphql/root-types.js';
import type { ModuleList } from './module-list.js';
import { modules } from './modules.js';

type SchemaParts = Pick<ModuleList<unknown>, 'resolvers' | 'reportKinds'>;

/** A schema whose resolvers come from the request's container. */
export function createSchema({ resolvers, reportKinds }: SchemaParts = modules): GraphQLSchema {
  for (const kind of reportKinds) addReportField(kind);
  const schema = buildSchemaSync({
    resolvers: resolvers as NonEmptyArray<SchemaParts['resolvers'][number]>,
    // Rules are the services' own, with messages for people.
    validate: false,
    container: ({ context }: { context: Context }) => context.container,
    // Subscriptions bring their own iterators; type-graphql only insists on having something here.
    pubSub: { publish: unused, subscribe: unused },
  });
  return describeRootTypes(schema);
}

function unused(): never {
  throw new Error('subscriptions are served by server/live');
}

/** The committed text of schema/schema.graphql: sorted, so that moving a class changes nothing. */
export function schemaText(): string {
  return `${printSchema(lexicographicSortSchema(createSchema()))}\n`;
}
