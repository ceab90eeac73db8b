import type { Server } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import express from 'express';
import type { GraphQLSchema } from 'graphql';
import type { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { AuthService } from './auth/auth.service.js';
import type { RequestCheck } from './auth/local-hosts.js';
import { sessionRouter } from './auth/session.router.js';
import { type BlobReaders, blobsRouter } from './blobs/blobs.router.js';
import type { BlobsService } from './blobs/blobs.service.js';
import { uploadsRouter } from './blobs/uploads.router.js';
import type { UploadsService } from './blobs/uploads.service.js';
import type { Container } from './context.js';
import type { Env } from './env.js';
import type { Admission } from './graphql/admission.js';
import type { Mask } from './graphql/masking.js';
import { answerError } from './http/answers.js';
import { createApollo, type HttpContext } from './http/apollo.js';
import { proxyTest, type Trust, trustOf } from './http/client-address.js';
import { limitConcurrency } from './http/concurrency.js';
import { pageNotFound, serveDashboard } from './http/dashboard.js';
import { Drain } from './http/drain.js';
import { graphqlRouter } from './http/graphql.router.js';
import { Health } from './http/health.js';
import { metricsRouter } from './http/metrics.router.js';
import { probesRouter } from './http/probes.router.js';
import { RunTexts } from './http/run-texts.js';
import { securityHeaders } from './http/security-headers.js';
import { createPatientServer, limitBodies } from './http/slow-clients.js';
import { Tally } from './http/tally.js';
import type { Logger } from './logger.js';
import { logsRouter } from './logs/logs.router.js';
import type { LogsService } from './logs/logs.service.js';
import { exportsRouter } from './metrics/exports.router.js';
import type { ExportsService } from './metrics/exports.service.js';
import type { RunsService } from './runs/runs.service.js';

export interface HttpParts {
  schema: GraphQLSchema;
  admit: Admission;
  auth: AuthService;
  blobs: BlobsService;
  blobReaders: BlobReaders;
  uploads: UploadsService;
  runs: RunsService;
  exports: ExportsService;
  logs: LogsService;
  container: Container;
  dataSource: DataSource;
  registry: Registry;
  /** The requests in progress of each token or address, over both transports. */
  requests: Tally;
  /** Runs before everything else. */
  checkHost: RequestCheck;
  mask: Mask;
  logger: Logger;
  env: Pick<Env, 'authRequired' | 'trustProxy' | 'connectionsPerAddress'>;
}

/** What counts as a request in progress. Pages and their files do not. */
const COUNTED = ['/graphql', '/blobs', '/uploads', '/metrics', '/runs/:run/metrics.:format', '/runs/:run/log.txt'];

export interface Http {
  server: Server;
  /** Stops the server. */
  drain: Drain;
  apollo: ApolloServer<HttpContext>;
  /** Which addresses are proxies of ours. */
  trust: Trust;
}

/**
 * Creates the HTTP server for GraphQL, blobs, health, metrics and the dashboard. The caller makes it listen.
 * `drain.close()` stops the server; then `apollo.stop()` ends the execution of operations.
 */
export async function createHttp(parts: HttpParts): Promise<Http> {
  const { schema, auth, blobs, uploads, blobReaders, env, mask, logger } = parts;
  const app = express().disable('x-powered-by').set('trust proxy', env.trustProxy);
  const trust = trustOf(app);
  const server = createPatientServer(app, new Tally(env.connectionsPerAddress), proxyTest(env.trustProxy));
  const drain = new Drain(server);
  const apollo = createApollo(schema, mask);
  await apollo.start();

  app.use((_request, response, next) => {
    // A runner whose clock is wrong corrects its times by this.
    response.set('Crosscheck-Time', new Date().toISOString());
    next();
  });
  app.use(securityHeaders());
  app.use((request, _response, next) => {
    next(parts.checkHost(request) ?? undefined);
  });
  app.use(limitBodies());
  app.use(COUNTED, limitConcurrency(parts.requests, auth, env.authRequired));
  // First, because most requests are for it, and each router tries all of its paths.
  app.use(graphqlRouter({ ...parts, apollo }));
  const health = new Health(
    () => parts.dataSource.query('/* health */ SELECT 1'),
    (reason) => logger.warn({ reason }, 'the health check failed'),
  );
  app.use(probesRouter(health, auth));
  app.use(metricsRouter(auth, parts.registry));
  app.use(sessionRouter(auth));
  app.use(blobsRouter({ blobs, uploads, auth, readers: blobReaders }));
  app.use(uploadsRouter(uploads, auth));
  const texts = new RunTexts({ runs: parts.runs, auth });
  app.use(exportsRouter({ exports: parts.exports, texts }));
  app.use(logsRouter({ logs: parts.logs, texts }));
  serveDashboard(app);
  app.use(pageNotFound);
  app.use(answerError(logger, mask));
  return { server, drain, apollo, trust };
}
