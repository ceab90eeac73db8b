import { join } from 'node:path';
import { createLogger, createServer, type Logger, type ViteDevServer } from 'vite';
import { say } from './output.js';
import { root } from './places.js';

/** Starts Vite's development server for the dashboard; it forwards API requests to the server. */
export async function startDashboard(
  serverUrl: string,
  port: number,
  isServerUp: () => boolean,
): Promise<ViteDevServer> {
  // For web/vite.config.ts, which Vite reads again when it changes.
  process.env.CROSSCHECK_SERVER = serverUrl;
  const dashboard = await createServer({
    configFile: join(root, 'web/vite.config.ts'),
    clearScreen: false,
    server: { port },
    customLogger: logger(isServerUp),
  });
  await dashboard.listen();
  return dashboard;
}

function logger(isServerUp: () => boolean): Logger {
  const quiet = createLogger('silent');
  const print = (message: string): void => say('web', message);
  return {
    ...quiet,
    info: print,
    warn: print,
    warnOnce: print,
    error: (message) => {
      // Open pages keep asking while the server restarts.
      if (!/(http|ws) proxy/.test(message)) print(message);
      else if (isServerUp()) print(message.split('\n')[0]!);
    },
  };
}
