import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { generalised } from './faults.js';

/** Pino's number for `error`. */
const ERROR_LEVEL = 50;

/** An error that the server has logged. */
export interface LoggedError {
  /** The id that the client was shown; null if no client was told. */
  id: string | null;
  /** What happened, in one line that is the same for errors alike. */
  line: string;
  /** The first line of the stack that is in our own code. */
  place: string | null;
}

/** Everything at level error or above in a server's log file. */
export async function errorsIn(logFile: string): Promise<LoggedError[]> {
  const errors: LoggedError[] = [];
  const lines = createInterface({ input: createReadStream(logFile), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) {
    const entry = parse(line);
    if (!entry || entry.level < ERROR_LEVEL) continue;
    const { id = null, err, msg } = entry;
    const place = err?.stack?.split('\n').find((frame) => /\/dist\/(?:server|schema|migrations)\//.test(frame));
    const what = err ? `${err.type ?? 'Error'}: ${generalised(err.message ?? '')}` : '';
    errors.push({
      id,
      line: [msg, what].filter(Boolean).join(': '),
      place: place?.trim().replace(/[^\s(]*\/dist\//, 'dist/') ?? null,
    });
  }
  return errors;
}

interface Entry {
  level: number;
  id?: string;
  msg?: string;
  err?: { type?: string; message?: string; stack?: string };
}

/** Null for lines that are not the logger's. */
function parse(line: string): Entry | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return null;
  }
}
