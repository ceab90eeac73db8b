import { setTimeout as sleep } from 'node:timers/promises';
import { Router } from 'express';
import type { DataSource } from 'typeorm';

/** A database that takes longer is not ready. Probes give up after a few seconds, too. */
const READY_WITHIN_MS = 2_000;

/**
 * What asks whether to restart the server, and whether to send it requests. Open to anybody, and says nothing more than that.
 * GET /livez: 200 as long as this process answers.
 * GET /readyz: 200 if the database answers within two seconds, otherwise 503.
 */
export function probesRouter(dataSource: Pick<DataSource, 'query'>, readyWithinMs = READY_WITHIN_MS): Router {
  const router = Router();
  const isReady = databaseProbe(dataSource);
  router.get('/livez', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    const ready = await within(readyWithinMs, isReady());
    response.set('Cache-Control', 'no-store').status(ready ? 200 : 503);
    response.json({ status: ready ? 'ok' : 'the database is unavailable' });
  });
  return router;
}

/** Asks the database, one query at a time: whoever asks during a query gets its result. */
function databaseProbe(dataSource: Pick<DataSource, 'query'>): () => Promise<boolean> {
  let current: Promise<boolean> | null = null;
  return () => {
    current ??= dataSource
      .query('/* ready */ SELECT 1')
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        current = null;
      });
    return current;
  };
}

async function within(ms: number, answer: Promise<boolean>): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(ms, false, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([answer, late]);
  } finally {
    timer.abort();
  }
}
