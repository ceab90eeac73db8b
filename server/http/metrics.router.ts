import { Router } from 'express';
import type { Registry } from 'prom-client';
import type { AuthService } from '../auth/auth.service.js';
import { refusal } from '../graphql/errors.js';

/** GET /metrics (a token, if tokens are required): numbers in the format of Prometheus. */
export function metricsRouter(auth: AuthService, registry: Registry): Router {
  const router = Router();
  router.get('/metrics', async (request, response) => {
    const { kind } = await auth.authenticate(request.headers.authorization, request.ip ?? null);
    if (kind === 'anonymous') throw refusal('USER_TOKEN_MISSING', { what: 'reading /metrics' });
    if (kind === 'runner') throw refusal('NEEDS_USER_TOKEN', { what: 'reading /metrics' });
    response.type(registry.contentType).send(await registry.metrics());
  });
  return router;
}
