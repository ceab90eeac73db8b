import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { expressMiddleware } from '@as-integrations/express5';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { AuthService } from './auth/auth.service.js';
import type { RequestCheck } from './auth/local-hosts.js';
import { blobsRouter } from './blobs/blobs.router.js';
import type { BlobsService } from './blobs/blobs.service.js';
import { uploadsRouter } from './blobs/uploads.router.js';
import type { UploadsService } from './blobs/uploads.service.js';
import { type Container, type Context, Loaders } from './context.js';
import { DATABASE_AWAY, isDatabaseAway } from './database/unreachable.js';
import { AppError, serviceUnavailable } from './graphql/errors.js';
import { limitsRule, MAX_BODY } from './graphql/limits.js';
import type { Logger } from './logger.js';
import { packageRoot } from './package-root.js';

export interface HttpParts {
  schema: GraphQLSchema;
  auth: AuthService;
  blobs: BlobsService;
  uploads: UploadsService;
  container: Container;
  dataSource: DataSource;
  registry: Registry;
  /** Runs before everything else. */
  checkHost: RequestCheck;
  mask(error: unknown): GraphQLFormattedError;
  logger: Logger;
}

/** How long requests in progress may take when the server stops. After that, their connections are closed. */
const STOP_GRACE_MS = 10_000;

/**
 * Creates the HTTP server for GraphQL, blobs, health, metrics and the dashboard. The caller makes it listen.
 * `apollo.stop()` closes the server: it accepts no new requests, finishes those in progress, and then stops executing
 * operations.
 */
export async function createHttp(parts: HttpParts): Promise<{ server: Server; apollo: ApolloServer<Context> }> {
  const { schema, auth, blobs, uploads, container, mask } = parts;
  const app = express().disable('x-powered-by');
  const server = createServer(app);
  const apollo = new ApolloServer<Context>({
    schema,
    validationRules: [limitsRule],
    plugins: [
      unavailableStatus,
      ApolloServerPluginDrainHttpServer({ httpServer: server, stopGracePeriodMillis: STOP_GRACE_MS }),
    ],
    formatError: (_formatted, error) => mask(error),
    includeStacktraceInErrorResponses: false,
    introspection: true,
    // serve.ts handles signals.
    stopOnTerminationSignals: false,
  });
  await apollo.start();

  app.use((request, response, next) => {
    const refusal = parts.checkHost(request);
    if (refusal === null) next();
    else response.status(403).json({ errors: [{ message: refusal, extensions: { code: 'FORBIDDEN' } }] });
  });
  app.get('/healthz', (_request, response) => health(parts, response));
  app.get('/metrics', async (_request, response) => {
    response.type(parts.registry.contentType).send(await parts.registry.metrics());
  });
  app.use(blobsRouter(blobs, auth, uploads));
  app.use(uploadsRouter(uploads, auth));
  app.use(
    '/graphql',
    express.json({ limit: MAX_BODY }),
    expressMiddleware(apollo, {
      context: async ({ req }) => ({
        principal: await auth.authenticate(req.headers.authorization).catch(refuseRequest),
        loaders: new Loaders(true),
        container,
      }),
    }),
  );
  serveDashboard(app);
  app.use(answerError(parts.logger));
  return { server, apollo };
}

/** Gives errors in authentication their own status. Apollo would send 500, and clients would retry. */
function refuseRequest(error: unknown): never {
  const refusal = isDatabaseAway(error) ? serviceUnavailable(DATABASE_AWAY) : error;
  if (!(refusal instanceof AppError)) throw refusal;
  const { code, httpStatus, message } = refusal;
  throw new GraphQLError(message, { extensions: { code, http: { status: httpStatus } } });
}

/** Apollo sends 200 for errors within an operation. 503 tells proxies and scripts that they can retry. */
const unavailableStatus: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    async willSendResponse({ response: { body, http } }) {
      const errors = body.kind === 'single' ? body.singleResult.errors : undefined;
      if (errors?.some(({ extensions }) => extensions?.code === 'SERVICE_UNAVAILABLE')) http.status = 503;
    },
  }),
};

async function health({ dataSource }: HttpParts, response: express.Response): Promise<void> {
  try {
    await dataSource.query('/* health */ SELECT 1');
    response.json({ status: 'ok' });
  } catch (error) {
    response.status(503).json({ status: 'the database is unavailable', reason: (error as Error).message });
  }
}

/** Serves the dashboard if it has been built. All of its addresses (/runs/…) load the same page. */
function serveDashboard(app: Express): void {
  const directory = join(packageRoot, 'dist/web');
  if (!existsSync(join(directory, 'index.html'))) return;
  app.use('/assets', express.static(join(directory, 'assets'), { immutable: true, maxAge: '1y', fallthrough: false }));
  app.use(express.static(directory));
  app.get('/{*path}', (_request, response) => {
    response.set('Cache-Control', 'no-cache').sendFile(join(directory, 'index.html'));
  });
}

function answerError(logger: Logger): ErrorRequestHandler {
  return (error: Error & { status?: number; type?: string }, request, response, next) => {
    if (response.headersSent) return next(error);
    const tooLarge = error.type === 'entity.too.large';
    if (isDatabaseAway(error)) {
      logger.warn(
        { reason: error.message, path: request.path },
        'a request failed because the database is unavailable',
      );
      response.status(503).json({ errors: [{ message: DATABASE_AWAY }] });
      return;
    }
    const status = error.status ?? 500;
    if (status >= 500) logger.error({ err: error, path: request.path }, 'a request failed');
    const message = tooLarge ? `the request body is larger than ${MAX_BODY}` : error.message;
    response.status(status).json({ errors: [{ message: status >= 500 ? 'internal server error' : message }] });
  };
}
