import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { guard } from './auth/access.js';
import { localHostsOnly } from './auth/local-hosts.js';
import { TokenKind } from './auth/token.entity.js';
import { createDataSource } from './database/data-source.js';
import { EmbeddedPostgres } from './database/embedded-postgres.js';
import { migrate } from './database/migrate.js';
import type { Env } from './env.js';
import { Events } from './events/events.js';
import { createAdmission } from './graphql/admission.js';
import { createMask } from './graphql/masking.js';
import { Tally } from './http/tally.js';
import { createHttp } from './http.js';
import { createLogger, type Logger } from './logger.js';
import { modules } from './modules.js';
import { createRegistry } from './monitoring.js';
import { packageRoot } from './package-root.js';
import { createSchema } from './schema.js';
import { attachWebSocket } from './websocket.js';

export interface App {
  /** http://host:port, with the actual port. */
  url: string;
  /** Ends subscriptions, waits for requests for at most SHUTDOWN_SECONDS, then closes the database. */
  close(): Promise<void>;
}

/** The composition root: starts a whole server. If a part fails to start, stops the parts that did and throws. */
export async function createApp(env: Env, logger: Logger = createLogger(env.logLevel)): Promise<App> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return { url: await start(env, logger, (closer) => closers.push(closer)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(env: Env, logger: Logger, onClose: (closer: () => Promise<unknown>) => void): Promise<string> {
  let { databaseUrl } = env;
  if (!databaseUrl) {
    const embedded = await EmbeddedPostgres.start(env.dataDir, logger);
    onClose(() => embedded.stop());
    databaseUrl = embedded.url;
  }
  const dataSource = createDataSource({
    url: databaseUrl,
    entities: modules.entities,
    logger,
    statementSeconds: env.statementSeconds,
  });
  await dataSource.initialize();
  onClose(() => dataSource.destroy());
  await migrate(dataSource, databaseUrl);
  const events = new Events({ databaseUrl, logger });
  await events.start();
  onClose(() => events.close());

  const version = packageVersion();
  const { services, container } = modules.create({ dataSource, events, env, logger, version });
  const { attempts, auth, audit, tokens, sockets } = services;
  const {
    blobs,
    exports,
    logs,
    uploads,
    uploadReceiver,
    runs,
    presence,
    sweeper,
    pointsKeeper,
    blobCollector,
    auditCleaner,
  } = services;
  if (env.userToken) await tokens.adopt(TokenKind.USER, env.userToken);
  if (env.registrationToken) await tokens.adopt(TokenKind.REGISTRATION, env.registrationToken);

  const schema = guard(createSchema(), { auth, audit });
  const mask = createMask(logger);
  const registry = createRegistry(runs);
  const checkHost = env.authRequired ? () => null : localHostsOnly(env.host);
  const requests = new Tally(env.requestsPerToken);
  const parts = { schema, admit: createAdmission(schema), auth, sockets, container, requests, checkHost, mask, env };
  const http = await createHttp({
    ...{ ...parts, blobs, uploads, runs, exports, logs, blobReaders: attempts, dataSource, registry, logger },
  });
  const { server, drain, apollo, trust } = http;
  onClose(() => apollo.stop());
  // Before the server listens: nothing can fail after that, so a server that did not start never answers.
  await presence.start();
  onClose(() => presence.close());
  server.listen(env.port, env.host);
  await once(server, 'listening');
  // Only once the server listens: for a port in use, the WebSocket server would print a stack trace of its own.
  const webSocket = attachWebSocket(server, { ...parts, trust });

  sweeper.start();
  onClose(() => sweeper.close());
  pointsKeeper.start();
  onClose(() => pointsKeeper.close());
  blobCollector.start();
  onClose(() => blobCollector.close());
  auditCleaner.start();
  onClose(() => auditCleaner.close());
  onClose(() => drain.close(env.shutdownSeconds, async () => webSocket.dispose()));
  // Otherwise, requests with a large body would take all the time that they have to finish.
  onClose(() => uploadReceiver.close());
  const { port } = server.address() as AddressInfo;
  return `http://${env.host.includes(':') ? `[${env.host}]` : env.host}:${port}`;
}

function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  return version;
}
