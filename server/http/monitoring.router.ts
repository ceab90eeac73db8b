import { type Response, Router } from 'express';
import type { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { AuthService } from '../auth/auth.service.js';
import { forbidden, unauthenticated } from '../graphql/errors.js';
import type { Logger } from '../logger.js';

export interface HealthParts {
  auth: AuthService;
  dataSource: DataSource;
  registry: Registry;
  logger: Logger;
}

/**
 * What a monitoring system reads. GET /healthz: 200 or 503, for anybody; the reason only with a token, if tokens are
 * required. GET /metrics (a token, if tokens are required): numbers in the format of Prometheus.
 */
export function monitoringRouter({ auth, dataSource, registry, logger }: HealthParts): Router {
  const router = Router();
  router.get('/healthz', async (request, response) => {
    const reason = await problemOf(dataSource);
    if (reason === null) {
      response.json({ status: 'ok' });
      return;
    }
    logger.warn({ reason }, 'the health check failed');
    const known = await auth.authenticate(request.headers.authorization, request.ip ?? null).then(
      ({ kind }) => kind !== 'anonymous',
      // The token is wrong, or cannot be checked without the database.
      () => false,
    );
    sendUnhealthy(response, known ? reason : undefined);
  });
  router.get('/metrics', async (request, response) => {
    const { kind } = await auth.authenticate(request.headers.authorization, request.ip ?? null);
    if (kind === 'anonymous') throw unauthenticated('reading /metrics needs a user token');
    if (kind === 'runner') throw forbidden('reading /metrics needs a user token; this is a runner token');
    response.type(registry.contentType).send(await registry.metrics());
  });
  return router;
}

async function problemOf(dataSource: DataSource): Promise<string | null> {
  try {
    await dataSource.query('/* health */ SELECT 1');
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

function sendUnhealthy(response: Response, reason: string | undefined): void {
  response.status(503).json({ status: 'the database is unavailable', reason });
}
