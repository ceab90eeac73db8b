import { Router } from 'express';
import type { Registry } from 'prom-client';
import type { AuthService } from '../auth/auth.service.js';
import { forbidden, unauthenticated } from '../graphql/errors.js';

/** GET /metrics (a token, if tokens are required): numbers in the format of Prometheus. */
export function metricsRouter(auth: AuthService, registry: Registry): Router {
  const router = Router();
  router.get('/metrics', async (request, response) => {
    const { kind } = await auth.authenticate(request.headers.authorization, request.ip ?? null);
    if (kind === 'anonymous') throw unauthenticated('reading /metrics needs a user token');
    if (kind === 'runner') throw forbidden('reading /metrics needs a user token; this is a runner token');
    response.type(registry.contentType).send(await registry.metrics());
  });
  return router;
}
