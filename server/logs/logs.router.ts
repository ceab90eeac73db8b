import { Router } from 'express';
import { refusal } from '../graphql/errors.js';
import type { RunTexts } from '../http/run-texts.js';
import type { LogsService } from './logs.service.js';

/**
 * Serves the whole log of a run as text. Mount it at the root.
 * GET and HEAD /runs/<id or number>/log.txt (a user token, if tokens are required): 200, 400 if there is a parameter, 401, 403, 404,
 * 429 too many exports are in progress. An answer that breaks off ends the connection.
 */
export function logsRouter({ logs, texts }: { logs: LogsService; texts: RunTexts }): Router {
  const router = Router();
  router.get('/runs/:run/log.txt', (request, response) =>
    texts.answer(request, response, () => {
      const [parameter] = Object.keys(request.query);
      if (parameter !== undefined) throw refusal('NO_PARAMETERS', { what: 'log.txt', name: parameter });
      return {
        contentType: 'text/plain; charset=utf-8',
        file: 'log.txt',
        write: async (run, send) => send(await logs.text(run.id)),
      };
    }),
  );
  return router;
}
