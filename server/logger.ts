import { type Logger, pino } from 'pino';

export type { Logger };

/** JSON lines on standard error: standard output belongs to commands that print a result. */
export function createLogger(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: 2, sync: true }));
}
