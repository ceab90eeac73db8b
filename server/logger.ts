import { type Logger, pino } from 'pino';

export type { Logger };

/** Logs JSON lines to standard error. Standard output is for the results of commands. */
export function createLogger(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: 2, sync: true }));
}
