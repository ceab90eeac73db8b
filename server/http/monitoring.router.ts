import { type Request, type Response, Router } from 'express';
import type { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { AuthService } from '../auth/auth.service.js';
import { forbidden, unauthenticated } from '../graphql/errors.js';
import type { Logger } from '../logger.js';
import { Health } from './health.js';

export interface HealthParts {
  auth: AuthService;
  dataSource: DataSource;
  registry: Registry;
  logger: Logger;
}

/**
 * What a monitoring system reads. GET /healthz: 200 or 503, for anybody; the reason only with a token, if tokens are
 * required. A good result is kept for a second, a bad one is not. GET /metrics (with a token, if tokens are required):
 * numbers in the format of Prometheus.
 */
export function monitoringRouter({ auth, dataSource, registry, logger }: HealthParts): Router {
  const router = Router();
  const isKnown = async ({ headers: { authorization }, ip }: Request): Promise<boolean> => {
    // The database cannot be asked about other tokens now, and nobody should make the server try.
    if (authorization && auth.keyOf(authorization) === null) return false;
    return auth.authenticate(authorization, ip ?? null).then(
      ({ kind }) => kind !== 'anonymous',
      () => false,
    );
  };
  const health = new Health(
    () => dataSource.query('/* health */ SELECT 1'),
    (reason) => logger.warn({ reason }, 'the health check failed'),
  );
  router.get('/healthz', async (request, response) => {
    const reason = await health.problem();
    if (reason === null) {
      response.json({ status: 'ok' });
      return;
    }
    sendUnhealthy(response, (await isKnown(request)) ? reason : undefined);
  });
  router.get('/metrics', async (request, response) => {
    const { kind } = await auth.authenticate(request.headers.authorization, request.ip ?? null);
    if (kind === 'anonymous') throw unauthenticated('reading /metrics needs a user token');
    if (kind === 'runner') throw forbidden('reading /metrics needs a user token; this is a runner token');
    response.type(registry.contentType).send(await registry.metrics());
  });
  return router;
}

function sendUnhealthy(response: Response, reason: string | undefined): void {
  response.status(503).json({ status: 'the database is unavailable', reason });
}
