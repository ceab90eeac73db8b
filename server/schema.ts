import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql';
import { AlarmsResolver, RunAlarmsResolver } from './alarms/alarms.resolver.js';
import { AttemptsResolver, RunAttemptsResolver, RunnerAttemptsResolver } from './attempts/attempts.resolver.js';
import { AuthResolver } from './auth/auth.resolver.js';
import type { Context } from './context.js';
import { DatasetsResolver, RunnerDatasetsResolver } from './datasets/datasets.resolver.js';
import { EvaluationsResolver, RunEvaluationsResolver, StudyTableResolver } from './evaluations/evaluations.resolver.js';
import { LiveResolver } from './live/live.resolver.js';
import { LogsResolver } from './logs/logs.resolver.js';
import { MetricsResolver } from './metrics/metrics.resolver.js';
import { PseudoLabelsResolver } from './pseudo-labels/pseudo-labels.resolver.js';
import { RunnerLifecycleResolver } from './runner-lifecycle/lifecycle.resolver.js';
import { RunnersResolver } from './runners/runners.resolver.js';
import { RunsResolver } from './runs/runs.resolver.js';
import { SamplesResolver } from './samples/samples.resolver.js';
import { ServerResolver } from './server-info/server.resolver.js';
import { RunStudyResolver, StudiesResolver } from './studies/studies.resolver.js';

const resolvers: NonEmptyArray<new (...services: never[]) => object> = [
  ServerResolver,
  StudiesResolver,
  RunsResolver,
  RunStudyResolver,
  AttemptsResolver,
  RunAttemptsResolver,
  RunnerAttemptsResolver,
  RunnerLifecycleResolver,
  RunEvaluationsResolver,
  PseudoLabelsResolver,
  RunAlarmsResolver,
  AlarmsResolver,
  MetricsResolver,
  SamplesResolver,
  LogsResolver,
  StudyTableResolver,
  EvaluationsResolver,
  DatasetsResolver,
  RunnersResolver,
  RunnerDatasetsResolver,
  AuthResolver,
  LiveResolver,
];

/** A schema whose resolvers come from the request's container. */
export function createSchema(): GraphQLSchema {
  return buildSchemaSync({
    resolvers,
    // Rules are the services' own, with messages for people.
    validate: false,
    container: ({ context }: { context: Context }) => context.container,
    // Subscriptions bring their own iterators; type-graphql only insists on having something here.
    pubSub: { publish: unused, subscribe: unused },
  });
}

function unused(): never {
  throw new Error('subscriptions are served by the services in server/live');
}

/** The committed text of schema/schema.graphql: sorted, so that moving a class changes nothing. */
export function schemaText(): string {
  return `${printSchema(lexicographicSortSchema(createSchema()))}\n`;
}
