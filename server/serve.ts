import v8 from 'node:v8';
import 'reflect-metadata';
import { EXIT, UserError } from '../schema/exit-codes.js';
import { createApp } from './app.js';
import { readEnv } from './env.js';
import { createLogger } from './logger.js';
import { withUserErrors } from './user-errors.js';

/**
 * By how much the heap may grow before its garbage is collected. By default, V8 lets a small heap become several times as large first:
 * four exports at once took 270 MB of memory instead of 160, and were not faster.
 */
const HEAP_GROWING_PERCENT = 40;

/**
 * Starts the server with the settings of the environment, and returns once it is ready. SIGTERM or SIGINT stops the server
 * and ends this process. @throws UserError for an invalid setting, a port or DATA_DIR in use, or an unavailable database
 */
export async function serve(): Promise<void> {
  v8.setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`);
  const env = await withUserErrors(null, async () => readEnv());
  const logger = createLogger(env.logLevel);
  const app = await withUserErrors(env.databaseUrl, () => createApp(env, logger)).catch((error: Error) => {
    if (error instanceof UserError) throw error;
    logger.fatal({ err: error }, 'the server did not start');
    process.exit(EXIT.failed);
  });
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(EXIT.interrupted);
      stopping = true;
      logger.info({ signal }, 'shutting down; press Ctrl-C again to force quit');
      app.close().then(
        () => process.exit(EXIT.done),
        (error: Error) => {
          logger.error({ err: error }, 'the server did not stop cleanly');
          process.exit(EXIT.failed);
        },
      );
    });
  }
  logger.info({ url: app.url, auth: env.authRequired ? 'on' : 'off' }, 'Crosscheck is up');
}
