import { type Request, type Response, Router } from 'express';
import type { AuthService } from '../auth/auth.service.js';
import type { Health } from './health.js';

/**
 * What asks whether to restart the server, and whether to send it requests. Open to anybody.
 * GET /livez: 200 as long as this process answers.
 * GET /readyz: 200 if the database answers within two seconds, otherwise 503.
 * GET /healthz: like /readyz; with a token, or where none is required, it also says what is wrong.
 */
export function probesRouter(health: Health, auth: AuthService): Router {
  const router = Router();
  router.get('/livez', (_request, response) => answer(response, 200, { status: 'ok' }));
  router.get('/readyz', async (_request, response) => answerProblem(response, await health.problem()));
  router.get('/healthz', async (request, response) => {
    const reason = await health.problem();
    answerProblem(response, reason, reason !== null && (await isKnown(auth, request)));
  });
  return router;
}

async function isKnown(auth: AuthService, { headers: { authorization }, ip }: Request): Promise<boolean> {
  // The database cannot be asked about other tokens now, and nobody should make the server try.
  if (authorization && auth.keyOf(authorization) === null) return false;
  return auth.authenticate(authorization, ip ?? null).then(
    ({ kind }) => kind !== 'anonymous',
    () => false,
  );
}

function answerProblem(response: Response, reason: string | null, saysWhy = false): void {
  if (reason === null) answer(response, 200, { status: 'ok' });
  else answer(response, 503, { status: 'the database is unavailable', ...(saysWhy && { reason }) });
}

function answer(response: Response, status: number, body: object): void {
  response.set('Cache-Control', 'no-store').status(status).json(body);
}
